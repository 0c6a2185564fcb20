import { inspectMedia, type MediaFacts } from "../media/inspect-media.ts";
import { invalidParameter } from "../parameters/parameter.ts";
import type { SpooledFile } from "./spool/spool-file.ts";
import type { UploadRequest } from "./validate.ts";

/**
 * What the bytes are, whatever their name and the client say (spec/upload-v2.md §15.17).
 * @throws SluiceError for parameters that this kind of file can't have
 */
export async function inspect(spooled: SpooledFile, request: UploadRequest, signal: AbortSignal): Promise<MediaFacts> {
  const { path, size } = spooled;
  const facts = await inspectMedia({ path, size, fileName: request.fileName, signal });
  if (request.customCoordinates !== undefined && facts.fileType !== "image") {
    const problem = "Only an image can have customCoordinates.";
    throw invalidParameter("customCoordinates", problem);
  }
  return facts;
}
