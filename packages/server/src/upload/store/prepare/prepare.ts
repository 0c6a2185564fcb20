import { SluiceError } from "@sluice/protocol";
import type { Party } from "../../../concurrency/fair-line.ts";
import { limitOf } from "../../../config/plans.ts";
import { headLength } from "../../../media/byte-source.ts";
import type { WrittenTransformation } from "../../../media/image/plan/read-transformation.ts";
import type { MediaFacts } from "../../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../../spool/spool-file.ts";
import type { VirusScanner } from "../../../virus-scan/virus-scanner.ts";
import type { UploadNeeds } from "../../needs.ts";
import type { UploadRequest } from "../../resolve/validate.ts";
import { inspect } from "../inspect.ts";
import { fitMedia } from "./fit-media.ts";
import { makePre, type PreNeeds } from "./make-pre.ts";

/** The bytes that are to be stored, and what they are. */
export interface PreparedFile {
  readonly spooled: SpooledFile;
  readonly media: MediaFacts;
  /** Discards the file that was made here. The file that came with the upload is its receiver's. Never throws. */
  discard(): Promise<void>;
}

export interface FileToPrepare extends Pick<PreparedFile, "spooled" | "media"> {
  /** The party whose upload it is. */
  readonly party: Party;
  readonly request: UploadRequest;
  /** The image transformation that `transformation.pre` asks for. */
  readonly pre: WrittenTransformation | undefined;
}

/**
 * Replaces an image by what `pre` makes from it (docs/protocol/upload.md §9). The file stays as it is
 * when there is no `pre`, or when `pre` asks for nothing. What is made is inspected and scanned as what came.
 * @throws SluiceError TRANSFORMATION_INVALID, TRANSFORMATION_NOT_FOR_FILE, POST_TRANSFORMATION_UNFIT,
 *   PARAMETER_NOT_SUPPORTED, FILE_TOO_LARGE, FILE_INFECTED, SCANNER_UNAVAILABLE, SERVER_BUSY; nothing is left behind
 *   then
 */
export async function prepare(
  needs: PreNeeds & Pick<UploadNeeds, "config" | "spool"> & { readonly scanner: Pick<VirusScanner, "scan"> },
  { party, request, pre, spooled, media }: FileToPrepare,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const unchanged = { spooled, media, discard: async () => undefined };
  if (request.transformation === undefined) return unchanged;
  fitMedia(request.transformation, media, !("missing" in (await needs.videos.program())));
  if (pre === undefined) return unchanged;
  const data = await makePre(needs, party, pre, spooled, signal);
  const limits = needs.config.fileSize;
  const largest = limitOf(limits, undefined);
  if (data.length > largest.limit) throw new SluiceError("FILE_TOO_LARGE", { ...largest });
  // The head is copied because the spool releases the memory of bytes that it has written.
  const head = Buffer.from(data.subarray(0, headLength));
  const file = needs.spool.create(signal);
  try {
    await file.write(data);
    const made = await file.finish();
    const { readHeader } = needs.images;
    const facts = await inspect({ ...made, head }, request, limits, { readHeader, signal, party });
    await needs.scanner.scan(made, signal);
    return { spooled: made, media: facts, discard: () => file.discard() };
  } catch (error) {
    await file.discard();
    throw error;
  }
}
