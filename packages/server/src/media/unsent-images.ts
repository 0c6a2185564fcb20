/**
 * Made images that their clients have yet to take. Each is in memory until then, which a slow client can draw out for
 * hours; those who asked together share one.
 */
export class UnsentImages {
  readonly #mostBytes: number;
  readonly #holders = new Map<Uint8Array, number>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether no more should be made for now. */
  get full(): boolean {
    return this.#bytes >= this.#mostBytes;
  }

  /** @returns what lets go of it, to be called once */
  hold(image: Uint8Array): () => void {
    const holders = this.#holders.get(image) ?? 0;
    if (holders === 0) this.#bytes += image.length;
    this.#holders.set(image, holders + 1);
    return () => this.#release(image);
  }

  #release(image: Uint8Array): void {
    const holders = (this.#holders.get(image) ?? 0) - 1;
    if (holders > 0) {
      this.#holders.set(image, holders);
    } else if (this.#holders.delete(image)) {
      this.#bytes -= image.length;
    }
  }
}
