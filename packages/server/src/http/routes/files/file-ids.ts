import { isId } from "../../../text/id.ts";
import { invalidParameter } from "../../../text/parameter.ts";

export interface FileParameters {
  readonly fileId: string;
}

export interface VersionParameters extends FileParameters {
  readonly versionId: string;
}

/** @throws SluiceError PARAMETER_INVALID when the id in the path is not an id (docs/protocol/media-api.md §1) */
export function fileIdOf({ fileId }: FileParameters): FileParameters {
  return { fileId: checkId("fileId", fileId) };
}

/** @throws SluiceError PARAMETER_INVALID when one of the ids in the path is not an id */
export function versionIdOf({ fileId, versionId }: VersionParameters): VersionParameters {
  return { fileId: checkId("fileId", fileId), versionId: checkId("versionId", versionId) };
}

function checkId(parameter: string, text: string): string {
  if (!isId(text)) throw invalidParameter(parameter, "An id has 24 characters, 0 to 9 and a to f.");
  return text;
}
