import { SluiceError } from "@sluice/protocol";
import type { Party } from "../../../concurrency/fair-line.ts";
import { limitOf } from "../../../config/plans.ts";
import type { VirusScanner } from "../../../virus-scan/virus-scanner.ts";
import type { PlannedPre } from "../../resolve/read-pre.ts";
import type { UploadRequest } from "../../resolve/validate.ts";
import { assertFits } from "../assert-fits.ts";
import { makePre, type PreNeeds } from "./make-pre.ts";
import { type PreparedFile, type TakeNeeds, takeMade } from "./take-made.ts";

export interface FileToPrepare extends Pick<PreparedFile, "spooled" | "media"> {
  /** The party whose upload it is. */
  readonly party: Party;
  readonly request: UploadRequest;
  /** What `transformation.pre` asks for, of an image. A video isn't prepared here: a job makes it (`upload/queued`). */
  readonly pre: PlannedPre | undefined;
}

/**
 * Replaces an image by what `pre` makes from it (docs/protocol/upload.md §9). The file stays as it is
 * when there is no `pre`, or when `pre` asks for nothing. What is made is inspected and scanned as what came.
 * @throws SluiceError TRANSFORMATION_INVALID, FILE_TOO_LARGE_FOR_STEP, FILE_TOO_LARGE, FILE_INFECTED, SCANNER_UNAVAILABLE, SERVER_BUSY; nothing is left behind
 *   then
 */
export async function prepare(
  needs: PreNeeds & TakeNeeds & { readonly scanner: Pick<VirusScanner, "maxBytes"> },
  { party, request, pre, spooled, media }: FileToPrepare,
  signal: AbortSignal,
): Promise<PreparedFile> {
  const unchanged = { spooled, media, discard: async () => undefined };
  if (pre === undefined) return unchanged;
  if (pre.image instanceof SluiceError) throw pre.image;
  assertFits(needs, { pre: { mayBeVideo: false } }, spooled.size);
  const data = await makePre(needs, party, pre.image, spooled, signal);
  const largest = limitOf(needs.config.fileSize, undefined);
  if (data.length > largest.limit) throw new SluiceError("FILE_TOO_LARGE", { ...largest });
  return takeMade(needs, { party, request, chunks: [data] }, signal);
}
