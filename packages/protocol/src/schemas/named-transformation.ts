import { Type } from "typebox";
import { type Shape, Timestamp } from "./shape.ts";

/** A transformation that URLs call by a name (docs/protocol/media-api.md §9). */
export const NamedTransformationObject = Type.Object({
  id: Type.String(),
  name: Type.String(),
  transformation: Type.String(),
  enabled: Type.Boolean(),
  createdAt: Timestamp,
});
export type NamedTransformationObject = Shape<typeof NamedTransformationObject>;

export const NamedTransformationList = Type.Array(NamedTransformationObject);

export const NewNamedTransformation = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100, pattern: "^[A-Za-z0-9_]+$" }),
  transformation: Type.String({ minLength: 1, maxLength: 8192 }),
  enabled: Type.Optional(Type.Boolean({ default: true })),
});

export const NamedTransformationChange = Type.Partial(NewNamedTransformation);
