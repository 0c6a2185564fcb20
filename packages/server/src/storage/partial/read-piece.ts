export interface PieceToRead {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** The number of bytes that may come. */
  readonly room: number;
  readonly signal: AbortSignal;
}

/**
 * Passes the chunks on, until they end, throw or exceed the room, `take` throws, or the signal aborts. It waits for no
 * chunk after an abort, even if the chunks themselves don't follow the signal.
 * @returns why it ended before the chunks did; undefined when they came to their end
 */
export async function readPiece(
  { chunks, room, signal }: PieceToRead,
  take: (chunk: Uint8Array) => Promise<void> | undefined,
): Promise<unknown> {
  const iterator = chunks[Symbol.asyncIterator]();
  let interrupt: ((reason: unknown) => void) | undefined;
  const follow = (): void => interrupt?.(signal.reason);
  const next = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      interrupt = reject;
      iterator.next().then(resolve, reject);
    });
  let left = room;
  let ended = false;
  signal.addEventListener("abort", follow);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await next();
      if (done) {
        ended = true;
        return undefined;
      }
      const fits = Math.min(value.byteLength, left);
      left -= fits;
      if (fits > 0) await take(fits < value.byteLength ? value.subarray(0, fits) : value);
      if (fits < value.byteLength) throw new RangeError(`More than the ${room} bytes came that are left of the blob`);
    }
  } catch (cause) {
    return cause;
  } finally {
    signal.removeEventListener("abort", follow);
    // Chunks that hang are not waited for.
    if (!ended) void iterator.return?.().catch(() => undefined);
  }
}
