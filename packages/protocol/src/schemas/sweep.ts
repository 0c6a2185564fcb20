import { Type } from "typebox";
import { nullable, type Shape } from "./shape.ts";

/** The body of `POST /_sluice/sweep`. */
export const SweepRequest = Type.Object({
  cursor: Type.Optional(Type.String({ description: "nextCursor of the answer before, to go on where it ended." })),
});

export const SweptContents = Type.Object({
  contents: Type.Integer({ minimum: 0, description: "The contents that were removed by this request." }),
  bytes: Type.Integer({ minimum: 0, description: "The room that they took." }),
  heldUntil: nullable(
    Type.String({
      format: "date-time",
      description:
        "Set where a backup, or the erasure of an account, reads the contents: none is removed meanwhile. The time is " +
        "the end of its hold, which it renews while it runs.",
    }),
  ),
  nextCursor: nullable(Type.String({ description: "Set where the request has ended before all contents were seen." })),
});
export type SweptContents = Shape<typeof SweptContents>;
