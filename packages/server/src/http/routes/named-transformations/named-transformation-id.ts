import { isNamedTransformationId } from "../../../library/named-transformations/named-transformations.ts";
import { invalidParameter } from "../../../text/parameter.ts";

export interface NamedTransformationParameters {
  readonly id: string;
}

/** @throws SluiceError PARAMETER_INVALID when the id in the path is not an id (docs/protocol/media-api.md §1) */
export function namedTransformationIdOf({ id }: NamedTransformationParameters): string {
  if (!isNamedTransformationId(id)) throw invalidParameter("id", "An id has letters, digits and _.");
  return id;
}
