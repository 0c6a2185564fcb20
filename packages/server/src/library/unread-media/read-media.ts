import type { Logger } from "pino";
import { serverParty } from "../../concurrency/fair-line.ts";
import type { Database } from "../../database/database.ts";
import { pageOfUnreadContent, type ReadColumns, type UnreadContent } from "../../database/repositories/unread-media.ts";
import { type Rest, restByLoad } from "../../jobs/rest-by-load.ts";
import type { TimedFacts, VideoFacts } from "../../media/inspect/media-facts.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import type { BlobStore, ByteRange } from "../../storage/blob-store.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { mediaColumns } from "../files/media-columns.ts";
import { recordReadContent } from "./read-transactions.ts";

export interface ReadMediaDeps {
  readonly blobs: Pick<BlobStore, "read" | "localPath">;
  readonly database: Database;
  readonly videos: Pick<VideoEngine, "probe" | "program">;
  readonly logger: Pick<Logger, "warn">;
}

const pageSize = 50;
/** After so many files in a row that can't be opened, the store itself is taken to be away. */
const maxUnopened = 5;

/**
 * Reads videos and sounds of which nothing is known: from before facts were read, from a time without FFmpeg, or those
 * that an upload couldn't read. One that can't be read now either is not read again. One that can't be opened waits for
 * the next run.
 * @returns the number of contents that were read
 */
export async function readMedia(
  deps: ReadMediaDeps,
  { rest = restByLoad() }: { readonly rest?: Rest },
  signal: AbortSignal,
): Promise<number> {
  const { database, logger, videos } = deps;
  if ("missing" in (await videos.program())) return 0;
  let unopened = 0;
  for (let [after, count] = ["", 0]; ; ) {
    const page = await pageOfUnreadContent(database.reader, after, pageSize);
    const last = page.at(-1);
    if (last === undefined) return count;
    for (const content of page) {
      signal.throwIfAborted();
      const began = performance.now();
      try {
        await readContent(deps, content, signal);
        unopened = 0;
        count += 1;
      } catch (error) {
        signal.throwIfAborted();
        logger.warn(
          { err: error, blobId: content.blob_id },
          "A stored video could not be read; the next run tries again",
        );
        // Contents that are lost together lie together, and hold up nothing behind them.
        if (!(error instanceof StorageError && error.code === "BLOB_MISSING")) unopened += 1;
        if (unopened === maxUnopened) return count;
      }
      await rest(performance.now() - began, signal);
    }
    after = last.blob_id;
  }
}

async function readContent(
  { blobs, database, videos }: ReadMediaDeps,
  { blob_id: blobId, kind, storage_key: key, size }: UnreadContent,
  signal: AbortSignal,
): Promise<void> {
  const source = {
    size,
    path: blobs.localPath?.(key),
    open: (opened: AbortSignal) => blobs.read(key, undefined, opened),
    openRange: (range: ByteRange, opened: AbortSignal) => blobs.read(key, range, opened),
  };
  const facts = await videos.probe(source, { signal, party: serverParty, isBehindOthers: true });
  const columns = readColumns(kind, facts);
  let left = true;
  while (left) {
    signal.throwIfAborted();
    left = (await database.run(recordReadContent, { blobId, kind, columns })).more;
  }
}

function readColumns(kind: UnreadContent["kind"], facts: TimedFacts & Partial<VideoFacts> = {}): ReadColumns {
  const columns = mediaColumns({ ...facts, mime: "", kind });
  const { width, height, duration, bit_rate, video_codec, audio_codec, embedded_metadata } = columns;
  const isRead = duration !== null || video_codec !== null || audio_codec !== null;
  const known = { width, height, duration, bit_rate, video_codec, audio_codec, embedded_metadata };
  return { ...known, unreadable: isRead ? null : 1 };
}
