import { Type } from "typebox";

export interface SavedExtensionParameters {
  readonly id: string;
}

/** A saved extension as the media API shows it (docs/protocol/media-api.md §9). */
export const SavedExtensionObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  config: Type.Object({ name: Type.String() }, { additionalProperties: true }),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
