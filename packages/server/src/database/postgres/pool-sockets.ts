import { once } from "node:events";
import { Socket } from "node:net";

/**
 * The sockets of a pool. Its own end() is content with having said goodbye; a server that hangs never closes its side,
 * and the process would live on with it.
 */
export class PoolSockets {
  readonly #open = new Set<Socket>();
  #cut = false;

  /** For the pool's option `stream`. */
  readonly create = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    // Later: connect(), which follows, would bring one back to life that is destroyed already.
    if (this.#cut) setImmediate(() => socket.destroy());
    return socket.once("close", () => this.#open.delete(socket));
  };

  /**
   * Waits for the pool's end and for the sockets', and cuts them off when that takes too long.
   * @param onCut called before that
   */
  async endWithin(ms: number, end: () => Promise<unknown>, onCut = () => {}): Promise<void> {
    const timer = setTimeout(() => {
      onCut();
      this.#cutOff();
    }, ms);
    try {
      await end();
      await Promise.all([...this.#open].map((socket) => once(socket, "close")));
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Cuts them off when the signal is aborted before the work is done.
   * @throws the signal's reason then
   */
  async whileWanted<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const cutOff = (): void => this.#cutOff();
    signal?.throwIfAborted();
    signal?.addEventListener("abort", cutOff);
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener("abort", cutOff);
    }
  }

  #cutOff(): void {
    this.#cut = true;
    for (const socket of this.#open) socket.destroy();
  }
}
