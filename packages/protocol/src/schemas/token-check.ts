import { Type } from "typebox";
import { nullable, type Shape, Timestamp } from "./shape.ts";

export type TokenQuestion = Shape<typeof TokenQuestion>;
export const TokenQuestion = Type.Object({
  token: Type.String({ maxLength: 65_536 }),
  form: Type.Optional(
    Type.Array(Type.Object({ name: Type.String(), value: Type.String() }), {
      description:
        "The text fields of the form, in their order; `file` and `token` are not looked at. Without it, the form is taken " +
        "to be just what the token says.",
    }),
  ),
});

export const tokenRules = ["format", "header", "key", "signature", "lifetime", "use", "form", "values"] as const;

const value = nullable(
  Type.String({ description: "null where the side has none; JSON of a claim that is no string." }),
);

export type TokenReport = Shape<typeof TokenReport>;
export const TokenReport = Type.Object({
  refusal: nullable(
    Type.Object(
      { status: Type.Integer(), reason: Type.String(), message: Type.String(), help: Type.String() },
      { description: "The answer that an upload with this token and form would get now, whatever its file is." },
    ),
  ),
  publicKey: nullable(Type.String({ description: "The token's `kid`." })),
  issuedAt: nullable(Timestamp),
  expiresAt: nullable(Timestamp),
  rules: Type.Array(
    Type.Object({
      rule: Type.Enum([...tokenRules]),
      outcome: Type.Enum(["passed", "failed", "skipped"], {
        description: "`skipped` where an earlier rule leaves nothing to look at.",
      }),
      problems: Type.Array(Type.String()),
    }),
    { description: "In the order in which an upload is judged." },
  ),
  parameters: Type.Array(
    Type.Object({
      name: Type.String(),
      outcome: Type.Enum(["same", "missing", "extra", "repeated", "different"], {
        description: "`missing` in the form, `extra` in it, or more than once in it.",
      }),
      inToken: value,
      inForm: value,
    }),
    { description: "Empty where the token can't be read." },
  ),
});
