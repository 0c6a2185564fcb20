import { type Static, Type } from "typebox";
import type { NamedTransformation } from "../../../library/named-transformations/named-transformation.ts";

/** A named transformation as the media API shows it (docs/protocol/media-api.md §9). */
export const NamedTransformationObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  transformation: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Type.String(),
});

export type NamedTransformationObject = Static<typeof NamedTransformationObject>;

export function namedTransformationObject({ createdAt, ...rest }: NamedTransformation): NamedTransformationObject {
  return { ...rest, createdAt: new Date(createdAt).toISOString() };
}
