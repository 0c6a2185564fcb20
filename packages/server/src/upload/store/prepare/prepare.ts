import { SluiceError } from "@sluice/protocol";
import type { Party } from "../../../concurrency/fair-line.ts";
import { limitOf } from "../../../config/plans.ts";
import { headLength } from "../../../media/byte-source.ts";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import type { PrepareDeps } from "../../deps.ts";
import { passGates } from "../../gate/gates.ts";
import type { ResolvedPre } from "../../resolve/read-pre.ts";
import type { UploadRequest } from "../../resolve/validate.ts";
import { assertFits } from "../assert-fits.ts";
import { inspect } from "../inspect.ts";
import { makePre } from "./make-pre.ts";

interface FileToPrepare extends Pick<PreparedFile, "spooled" | "media"> {
  /** The party whose upload it is. */
  readonly party: Party;
  readonly request: UploadRequest;
  /** What `transformation.pre` asks for, of an image. A video isn't prepared here: a job makes it (`upload/queued`). */
  readonly pre: ResolvedPre | undefined;
}

/**
 * Replaces an image by what `pre` makes from it (docs/protocol/upload.md §9). The file stays as it is
 * when there is no `pre`, or when `pre` asks for nothing. What is made is inspected and scanned as what came.
 * @throws SluiceError TRANSFORMATION_INVALID, FILE_TOO_LARGE_FOR_STEP, FILE_TOO_LARGE, FILE_INFECTED,
 *   SCANNER_UNAVAILABLE, SERVER_BUSY; nothing is left behind then
 */
export async function prepare(
  deps: PrepareDeps,
  { party, request, pre, spooled, media }: FileToPrepare,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const unchanged = { spooled, media, discard: async () => undefined };
  if (pre === undefined) return unchanged;
  if (pre.image instanceof SluiceError) throw pre.image;
  assertFits(deps, { pre: { mayBeVideo: false } }, spooled.size);
  const data = await makePre(deps, party, pre.image, spooled, signal);
  const largest = limitOf(deps.config.fileSize, undefined);
  if (data.length > largest.limit) throw new SluiceError("FILE_TOO_LARGE", { ...largest });
  return takeMade(deps, { party, request, chunks: [data] }, signal);
}

/** The bytes that are to be stored, and what they are. */
export interface PreparedFile {
  readonly spooled: SpooledFile;
  readonly media: MediaFacts;
  /** Discards the file that was made here. The file that came with the upload is its receiver's. Never throws. */
  discard(): Promise<void>;
}

interface MadeFile {
  readonly party: Party;
  readonly request: UploadRequest;
  /** The bytes, in memory that nobody else uses. */
  readonly chunks: Iterable<Buffer> | AsyncIterable<Buffer>;
}

/**
 * Takes what was made of an upload's file into the spool. It is inspected and scanned as what came.
 * @throws SluiceError FILE_TOO_LARGE, FILE_INFECTED, SCANNER_UNAVAILABLE, SERVER_BUSY; nothing is left behind then
 */
export async function takeMade(
  deps: PrepareDeps,
  { party, request, chunks }: MadeFile,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const file = deps.spool.create(signal);
  try {
    // The head is copied because the spool releases the memory of bytes that it has written.
    let head = Buffer.alloc(0);
    for await (const chunk of chunks) {
      if (head.length < headLength) head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
      await file.write(chunk);
    }
    const spooled = await file.finish();
    const reading = { readHeader: deps.images.readHeader, probe: deps.videos.probe, signal, party };
    const media = await inspect({ ...spooled, head }, request, deps.config.fileSize, reading);
    await passGates("bytes", deps, { file: spooled }, signal);
    return { spooled, media, discard: () => file.discard() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
