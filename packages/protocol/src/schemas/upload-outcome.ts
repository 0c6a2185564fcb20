import { Type } from "typebox";
import { nullable, type Shape } from "./shape.ts";
import { UploadResponse } from "./upload.ts";

/** The body of `POST /_sluice/upload-outcome`, as JSON or as a form. */
export const UploadOutcomeQuestion = Type.Object({
  token: Type.String(),
  attempt: Type.Optional(
    Type.String({
      pattern: "^[\\w-]{1,64}$",
      description: "The name that the upload's request bore: the answer is about this request alone.",
    }),
  ),
});

/**
 * The outcome of the upload that presented a token. `response` is the answer of that upload, whatever has happened to
 * the file since. It is null when the file has been deleted.
 */
export const UploadOutcome = Type.Union([
  Type.Object({ outcome: Type.Literal("stored"), response: nullable(UploadResponse) }),
  Type.Object({ outcome: Type.Enum(["nothing", "pending"]) }),
]);
export type UploadOutcome = Shape<typeof UploadOutcome>;
