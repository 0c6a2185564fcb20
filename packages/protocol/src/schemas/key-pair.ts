import { Type } from "typebox";
import type { Shape } from "./shape.ts";

const role = Type.Union([Type.Literal("full"), Type.Literal("upload"), Type.Literal("read")], {
  description: "What the pair may do. It never changes.",
});
const mayOverwrite = Type.Boolean({ description: "Whether uploads may add versions to files that are there." });

const nameHelp = "What people call the pair, such as the backend that has it.";

const members = {
  id: Type.String(),
  publicKey: Type.String(),
  role,
  mayOverwrite,
  origin: Type.Union([Type.Literal("generated"), Type.Literal("configured")], {
    description: "A configured pair stands in the configuration of the servers.",
  }),
  createdAt: Type.String({ format: "date-time" }),
  expiresAt: Type.Union([Type.String({ format: "date-time" }), Type.Null()], { description: "null without an end" }),
  lastUsedOn: Type.Union([Type.String({ format: "date" }), Type.Null()], {
    description: "The day of the last use, in UTC; null before the first one.",
  }),
  name: Type.Union([Type.String(), Type.Null()], { description: nameHelp }),
};

export type KeyPairObject = Shape<typeof KeyPairObject>;
export const KeyPairObject = Type.Object(members);

export const KeyPairList = Type.Array(KeyPairObject);

export type CreatedKeyPair = Shape<typeof CreatedKeyPair>;
export const CreatedKeyPair = Type.Object({
  id: Type.String(),
  publicKey: Type.String(),
  privateKey: Type.String({ description: "It is shown this once." }),
});

export const NewKeyPair = Type.Object({
  role,
  mayOverwrite: Type.Optional(
    Type.Boolean({
      default: false,
      description: "With the role upload: uploads may add versions to files that are there.",
    }),
  ),
  name: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: `${nameHelp} A pair that replaces this one gets it too.`,
    }),
  ),
});

export const KeyPairRotation = Type.Object({
  graceHours: Type.Optional(
    Type.Union(
      [0, 1, 24, 72, 168].map((hours) => Type.Literal(hours)),
      { default: 24, description: "How long the earlier pair stays valid. With 0 it is revoked." },
    ),
  ),
});
