import { Type } from "typebox";
import { type ErrorReason, errorCatalogue, wireReasonOf } from "../error-catalogue.ts";
import type { Shape } from "./shape.ts";

const codes = new Set((Object.keys(errorCatalogue) as ErrorReason[]).map(wireReasonOf));

export const ErrorReasonCode = Type.Enum([...codes]);

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
  missingFileIds: Type.Optional(
    Type.Array(Type.String(), { description: "The ids of a bulk request that no file has." }),
  ),
});
export type ErrorBody = Shape<typeof ErrorBody>;
