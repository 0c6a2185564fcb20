import type { Database } from "../../database/database.ts";
import { type ColoredBlob, pageOfColorlessBlobs } from "../../database/repositories/picture-hashes.ts";
import { restByLoad } from "../../jobs/rest-by-load.ts";
import { fingerprintBlob, type HashingDeps, type HashingPace } from "./hash-pictures.ts";
import { recordDominantColors } from "./hash-transactions.ts";

export type ColoringDeps = Omit<HashingDeps, "database"> & {
  readonly database: Database;
};

const pageSize = 50;
/** After so many pictures in a row that can't be read, the store itself is taken to be away. */
const maxUnread = 5;

/**
 * Looks for the dominant colours of pictures whose hash was recorded before colours were. A picture that can't be decoded
 * any more counts as one without a colour. So does one that can't be read while the one after it can. Where the store is
 * away, the next run goes on.
 * @returns the number of pictures that were looked at
 */
export async function colorPictures(
  deps: ColoringDeps,
  { rest = restByLoad() }: Pick<HashingPace, "rest">,
  signal: AbortSignal,
): Promise<number> {
  const { database } = deps;
  let unread: ColoredBlob[] = [];
  for (let [after, count] = ["", 0]; ; ) {
    const page = await pageOfColorlessBlobs(database.reader, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return count;
    const colored: ColoredBlob[] = [];
    try {
      for (const blob of page) {
        signal.throwIfAborted();
        const began = performance.now();
        const fingerprint = await fingerprintBlob(deps, blob, signal);
        if (fingerprint === undefined) {
          unread.push({ id: blob.id, color: undefined });
          if (unread.length === maxUnread) return count + colored.length;
          continue;
        }
        colored.push(...unread, { id: blob.id, color: fingerprint?.color });
        unread = [];
        await rest(performance.now() - began, signal);
      }
    } finally {
      if (colored.length > 0) await database.run(recordDominantColors, { blobs: colored });
    }
    count += colored.length;
    after = last.id;
  }
}
