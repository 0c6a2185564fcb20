import { once } from "node:events";
import { Socket } from "node:net";

/**
 * The sockets of a pool. The pool's own end() is content with having said goodbye. A server that hangs never closes its
 * side, and the process would live on with it.
 */
export class PoolSockets {
  readonly #open = new Set<Socket>();
  #cut = false;

  /** Creates the sockets for the pool's option `stream`. */
  readonly create = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    // The socket is destroyed later, because connect(), which follows, would revive a socket that is destroyed already.
    if (this.#cut) setImmediate(() => socket.destroy());
    return socket.once("close", () => this.#open.delete(socket));
  };

  /**
   * Waits for the pool and its sockets to end, and cuts the sockets off when that takes too long.
   * @param onCut called before the sockets are cut off
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
   * Cuts the sockets off when the signal is aborted before the work is done.
   * @throws the signal's reason in that case
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
