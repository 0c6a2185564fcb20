const batch = 5000;

/**
 * Deletes until nothing is left, some rows at a time: while they go, others wait for the database.
 * @param deleteSome about so many; answers how many went
 * @param deletedSome told of each batch
 * @returns how many there were
 */
export async function inBatches(
  signal: AbortSignal,
  deleteSome: (limit: number) => Promise<number>,
  deletedSome: (count: number) => void = () => undefined,
): Promise<number> {
  for (let deleted = 0; ; ) {
    signal.throwIfAborted();
    const count = await deleteSome(batch);
    if (count === 0) return deleted;
    deleted += count;
    deletedSome(count);
  }
}
