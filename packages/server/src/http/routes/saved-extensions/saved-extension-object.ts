import { Type } from "typebox";
import type { Services } from "../../../app/services.ts";

/** What the routes of saved extensions need. */
export type SavedExtensionServices = Pick<Services, "database" | "extensions" | "keyPairs" | "now">;

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
