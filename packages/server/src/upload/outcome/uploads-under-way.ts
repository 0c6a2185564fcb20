interface UnderWay {
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** Lists this process's uploads with a token, from when their form has been received until they succeed or fail. */
export class UploadsUnderWay {
  readonly #byDigest = new Map<string, UnderWay | undefined>();

  /** @returns a function to call when the upload ends */
  begin(digest: Uint8Array): () => void {
    const key = keyOf(digest);
    this.#byDigest.set(key, undefined);
    return () => {
      this.#byDigest.get(key)?.end();
      this.#byDigest.delete(key);
    };
  }

  /** Resolves when the token's upload ends; undefined when no such upload is under way. */
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
