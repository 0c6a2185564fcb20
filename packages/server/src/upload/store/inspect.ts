import { SluiceError } from "@sluice/protocol";
import type { FileSizeLimits } from "../../config/plans.ts";
import { inspectMedia, type MediaFacts } from "../../media/inspect/inspect-media.ts";
import { isVideo } from "../../media/inspect/sniff.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { invalidParameter } from "../../text/parameter.ts";
import type { UploadRequest } from "../resolve/validate.ts";

/**
 * Finds out what the bytes are, whatever their name and the client say (docs/protocol/upload.md §15.17).
 * @throws SluiceError FILE_TOO_LARGE, or for a parameter that this kind of file can't have
 */
export async function inspect(
  spooled: SpooledFile & { readonly head: Uint8Array },
  request: UploadRequest,
  limits: FileSizeLimits,
  signal: AbortSignal,
): Promise<MediaFacts> {
  const { size } = spooled;
  const facts = await inspectMedia({ ...spooled, fileName: request.fileName, signal });
  // A file can pretend to be a video by its beginning alone. It was then let in under the limit for videos.
  if (size > limits.file && !isVideo(facts.mime)) throw new SluiceError("FILE_TOO_LARGE", { limit: limits.file });
  if (request.customCoordinates !== undefined && facts.fileType !== "image") {
    const problem = "Only an image can have customCoordinates.";
    throw invalidParameter("customCoordinates", problem);
  }
  return facts;
}
