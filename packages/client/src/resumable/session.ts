import { type Release, takeLock } from "./lock.ts";
import { forget, recall, remember } from "./memory.ts";

/**
 * An upload that the server keeps between requests. While it is under way it holds the lock of its key, so that no other
 * upload of the same file, in this page or in another one, sends to the same session.
 */
export class Session {
  /** The session's address. Whoever knows it may send to the session and end it. Undefined before it is created. */
  url: string | undefined;
  /** The token that created the session. A session from an earlier visit doesn't know it. */
  token: string | undefined;
  /** Number of bytes that the server has confirmed. */
  offset = 0;
  /** Number of bytes that the page has been told of. It never falls while the session lives. */
  shown = 0;
  #key: string | undefined;
  #release: Release | undefined;

  /** Takes the lock again after a pause. If another page has gone on with the session meanwhile, this one leaves it. */
  async takeUp(): Promise<void> {
    if (!this.#key || this.#release) return;
    this.#release = await takeLock(this.#key);
    if (!this.#release) this.#reset();
  }

  /** Finds the session that an earlier visit has left under this key. A session without a key is not remembered. */
  async find(key: string | undefined): Promise<void> {
    await this.#unlock();
    this.#release = key ? await takeLock(key) : undefined;
    this.#key = this.#release && key;
    this.url = this.#key && (await recall(this.#key))?.url;
  }

  /** @param expires milliseconds since 1970 */
  begin(url: string, expires: number, token: string): void {
    Object.assign(this, { url, token });
    if (this.#key) void remember(this.#key, { url, expires });
  }

  /** Reports that the server has kept this many bytes. */
  confirm(offset: number): void {
    this.offset = offset;
    this.shown = Math.max(this.shown, offset);
  }

  /** Forgets the session, whose upload is stored or refused. */
  async end(): Promise<void> {
    const key = this.#key;
    this.#reset();
    if (key) await forget(key);
    await this.#unlock();
  }

  /** Leaves the session to whoever uploads the file next. A canceled session is ended on the server as well. */
  async leave(isCanceled: boolean): Promise<void> {
    const { url } = this;
    if (isCanceled && url) {
      // If this request is lost, the server ends the session when it expires.
      const headers = { "tus-resumable": "1.0.0" };
      fetch(url, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
      await this.end();
    }
    await this.#unlock();
  }

  async #unlock(): Promise<void> {
    const release = this.#release;
    this.#release = undefined;
    await release?.();
  }

  #reset(): void {
    this.url = this.token = this.#key = undefined;
    this.offset = this.shown = 0;
  }
}
