interface Holder {
  readonly image: Uint8Array;
  readonly cut: () => void;
}

/**
 * Rendered images that clients haven't fully received yet. Each image stays in memory until its client has it, and a
 * slow client can draw that out for hours. Clients that asked together share one image. Beyond the limit, the client
 * that has been receiving for longest is cut off. Refusing other clients instead would let a few slow clients keep
 * everybody from images.
 */
export class UnsentImages {
  readonly #maxBytes: number;
  /** The holders, in the order in which they came. */
  readonly #holders = new Set<Holder>();
  readonly #counts = new Map<Uint8Array, number>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * @param cut ends the sending of this image to this client
   * @returns a function that releases the image
   */
  hold(image: Uint8Array, cut: () => void): () => void {
    const holder = { image, cut };
    const count = this.#counts.get(image) ?? 0;
    if (count === 0) this.#bytes += image.length;
    this.#counts.set(image, count + 1);
    this.#holders.add(holder);
    for (const oldest of this.#holders) {
      if (this.#bytes <= this.#maxBytes || oldest === holder) break;
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
