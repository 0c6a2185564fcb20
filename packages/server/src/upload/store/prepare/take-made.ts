import type { Party } from "../../../concurrency/fair-line.ts";
import { headLength } from "../../../media/byte-source.ts";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import { passGates } from "../../gate/gates.ts";
import type { UploadNeeds } from "../../needs.ts";
import type { UploadRequest } from "../../resolve/validate.ts";
import { inspect } from "../inspect.ts";

/** The bytes that are to be stored, and what they are. */
export interface PreparedFile {
  readonly spooled: SpooledFile;
  readonly media: MediaFacts;
  /** Discards the file that was made here. The file that came with the upload is its receiver's. Never throws. */
  discard(): Promise<void>;
}

export interface TakeNeeds extends Pick<UploadNeeds, "config" | "spool"> {
  readonly database: Pick<UploadNeeds["database"], "reader">;
  readonly images: Pick<UploadNeeds["images"], "readHeader">;
  readonly videos: Pick<UploadNeeds["videos"], "probe">;
  readonly scanner: Pick<UploadNeeds["scanner"], "scan">;
}

export interface MadeFile {
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
  needs: TakeNeeds,
  { party, request, chunks }: MadeFile,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const file = needs.spool.create(signal);
  try {
    // The head is copied because the spool releases the memory of bytes that it has written.
    let head = Buffer.alloc(0);
    for await (const chunk of chunks) {
      if (head.length < headLength) head = Buffer.concat([head, chunk.subarray(0, headLength - head.length)]);
      await file.write(chunk);
    }
    const spooled = await file.finish();
    const reading = { readHeader: needs.images.readHeader, probe: needs.videos.probe, signal, party };
    const media = await inspect({ ...spooled, head }, request, needs.config.fileSize, reading);
    await passGates("bytes", needs, { file: spooled }, signal);
    return { spooled, media, discard: () => file.discard() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
