import { SluiceError } from "@sluice/protocol";

export interface SavedExtensionParameters {
  readonly id: string;
}

/**
 * @throws SluiceError SAVED_EXTENSION_ID_INVALID when the id in the path is not an id (docs/protocol/media-api.md §9)
 */
export function savedExtensionIdOf({ id }: SavedExtensionParameters): string {
  if (!/^ext_[0-9a-f]{24}$/.test(id)) throw new SluiceError("SAVED_EXTENSION_ID_INVALID");
  return id;
}
