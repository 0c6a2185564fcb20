interface Holder {
  readonly image: Uint8Array;
  readonly cut: () => void;
}

/**
 * Made images that their clients have yet to take. Each is in memory until then, which a slow client can draw out for
 * hours; those who asked together share one. Beyond the limit whoever takes longest is cut off: to refuse others instead
 * would let a few slow clients keep everybody from images.
 */
export class UnsentImages {
  readonly #mostBytes: number;
  /** In the order in which they came. */
  readonly #holders = new Set<Holder>();
  readonly #counts = new Map<Uint8Array, number>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * @param cut ends the sending of this image to this client
   * @returns what lets go of it
   */
  hold(image: Uint8Array, cut: () => void): () => void {
    const holder = { image, cut };
    const count = this.#counts.get(image) ?? 0;
    if (count === 0) this.#bytes += image.length;
    this.#counts.set(image, count + 1);
    this.#holders.add(holder);
    for (const oldest of this.#holders) {
      if (this.#bytes <= this.#mostBytes || oldest === holder) break;
      this.#release(oldest);
      oldest.cut();
    }
    return () => this.#release(holder);
  }

  #release(holder: Holder): void {
    if (!this.#holders.delete(holder)) return;
    const { image } = holder;
    const count = (this.#counts.get(image) ?? 1) - 1;
    if (count > 0) {
      this.#counts.set(image, count);
    } else {
      this.#counts.delete(image);
      this.#bytes -= image.length;
    }
  }
}
