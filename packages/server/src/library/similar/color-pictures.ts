import type { Database } from "../../database/database.ts";
import { type ColoredBlob, pageOfColorlessBlobs } from "../../database/repositories/picture-hashes.ts";
import { type HashingNeeds, type HashingPace, lookAtBlob, restByLoad } from "./hash-pictures.ts";
import type { recordDominantColors } from "./hash-transactions.ts";

export type ColoringNeeds = Omit<HashingNeeds, "database"> & {
  readonly database: Database<{ readonly recordDominantColors: typeof recordDominantColors }>;
};

const pageSize = 50;

/**
 * Looks for the dominant colours of pictures whose hash was recorded before colours were. A picture that can't be decoded
 * any more counts as one without a colour.
 * @returns the number of pictures that were looked at
 */
export async function colorPictures(
  needs: ColoringNeeds,
  { rest = restByLoad() }: Pick<HashingPace, "rest">,
  signal: AbortSignal,
): Promise<number> {
  const { database } = needs;
  for (let [after, count] = ["", 0]; ; ) {
    const page = await pageOfColorlessBlobs(database.reader, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return count;
    const colored: ColoredBlob[] = [];
    try {
      for (const blob of page) {
        signal.throwIfAborted();
        const began = performance.now();
        const look = await lookAtBlob(needs, blob, signal);
        if (look === undefined) continue;
        colored.push({ id: blob.id, color: look?.color });
        await rest(performance.now() - began, signal);
      }
    } finally {
      if (colored.length > 0) await database.run("recordDominantColors", { blobs: colored });
    }
    count += colored.length;
    after = last.id;
  }
}
