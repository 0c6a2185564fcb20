import { isId } from "../../../text/id.ts";
import { invalidParameter } from "../../../text/parameter.ts";

export interface FieldParameters {
  readonly id: string;
}

/** @throws SluiceError PARAMETER_INVALID when the id in the path is not an id (docs/protocol/media-api.md §7) */
export function customFieldIdOf({ id }: FieldParameters): string {
  if (!isId(id)) throw invalidParameter("ID", "An id has 24 characters, 0 to 9 and a to f.");
  return id;
}
