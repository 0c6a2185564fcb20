import { SluiceError } from "@sluice/protocol";
import { type FileSizeLimits, limitOf } from "../../config/plans.ts";
import { type HeaderReading, inspectMedia } from "../../media/inspect/inspect-media.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { refuseBusy } from "../refuse-busy.ts";
import type { UploadRequest } from "../resolve/validate.ts";

/**
 * Finds out what the bytes are, whatever their name and the client say (docs/protocol/upload.md §15.17).
 * @throws SluiceError FILE_TOO_LARGE, or for a parameter that this kind of file can't have
 */
export async function inspect(
  spooled: SpooledFile & { readonly head: Uint8Array },
  request: UploadRequest,
  limits: FileSizeLimits,
  reading: HeaderReading,
): Promise<MediaFacts> {
  const { size } = spooled;
  // A header that nobody has had time to read says nothing of the file.
  const facts = await inspectMedia({ ...spooled, fileName: request.fileName, ...reading }).catch(refuseBusy);
  // A file can pretend to be a video by its beginning alone. It was then let in under the limit for videos.
  if (size > limits.file && facts.kind !== "video") {
    throw new SluiceError("FILE_TOO_LARGE", { ...limitOf(limits, undefined) });
  }
  if (request.customCoordinates !== undefined && facts.kind !== "picture") {
    const problem = "Only an image can have customCoordinates.";
    throw invalidParameter("customCoordinates", problem);
  }
  return facts;
}
