interface UnderWay {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** The uploads with a token whose form this process has received, from then until they have ended, well or not. */
export class UploadsUnderWay {
  readonly #byDigest = new Map<string, UnderWay | undefined>();

  /** @returns to be called at its end */
  begin(digest: Uint8Array): () => void {
    const key = keyOf(digest);
    this.#byDigest.set(key, undefined);
    return () => {
      this.#byDigest.get(key)?.end();
      this.#byDigest.delete(key);
    };
  }

  /** Resolves at its end; undefined when there is none. */
  endOf(digest: Uint8Array): Promise<void> | undefined {
    const key = keyOf(digest);
    if (!this.#byDigest.has(key)) return undefined;
    let underWay = this.#byDigest.get(key);
    if (underWay === undefined) {
      const { promise, resolve } = Promise.withResolvers<void>();
      underWay = { ended: promise, end: resolve };
      this.#byDigest.set(key, underWay);
    }
    return underWay.ended;
  }
}

function keyOf(digest: Uint8Array): string {
  return Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString("latin1");
}
