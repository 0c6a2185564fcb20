import { Type } from "typebox";
import type { Shape } from "./shape.ts";

const Check = Type.Enum(["ok", "down"]);

/** The answer of `GET /health`. While the server starts, it contains only the check of the server itself. */
export const Health = Type.Object({
  status: Type.Enum(["ok", "unavailable"]),
  version: Type.Optional(Type.String()),
  checks: Type.Object({
    server: Type.Enum(["ok", "starting", "draining"]),
    database: Type.Optional(Check),
    storage: Type.Optional(Check),
    scanner: Type.Optional(Check),
  }),
});
export type Health = Shape<typeof Health>;
