import { Type } from "typebox";
import { type ErrorReason, errorCatalogue } from "../error-catalogue.ts";
import type { Shape } from "./shape.ts";

export const ErrorReasonCode = Type.Enum(Object.keys(errorCatalogue) as ErrorReason[]);

/** The JSON body of every refusal (docs/protocol/upload.md §11). */
export const ErrorBody = Type.Object({
  message: Type.String(),
  help: Type.String(),
  reason: ErrorReasonCode,
  errors: Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      description: "What is wrong with each of several members, by their names.",
    }),
  ),
});
export type ErrorBody = Shape<typeof ErrorBody>;
