/** Remembers that the process was told to restart its workers, until there is somebody who can do it. */
export class RestartRequests {
  #listener: (() => void) | undefined;
  #isAsked = false;

  ask(): void {
    if (this.#listener === undefined) this.#isAsked = true;
    else this.#listener();
  }

  /** Calls the listener for each request from now on, and once if there has been one already. */
  listen(listener: () => void): void {
    this.#listener = listener;
    if (!this.#isAsked) return;
    this.#isAsked = false;
    listener();
  }
}
