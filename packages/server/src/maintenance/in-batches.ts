const batchSize = 5000;

/**
 * Deletes until nothing is left, some rows at a time, because others wait for the database during a deletion.
 * @param deleteSome deletes about so many, and returns how many it deleted
 * @param deletedSome called after each batch
 * @returns how many there were
 */
export async function inBatches(
  signal: AbortSignal,
  deleteSome: (limit: number) => Promise<number>,
  deletedSome: (count: number) => void = () => undefined,
): Promise<number> {
  for (let deleted = 0; ; ) {
    signal.throwIfAborted();
    const count = await deleteSome(batchSize);
    if (count === 0) return deleted;
    deleted += count;
    deletedSome(count);
  }
}
