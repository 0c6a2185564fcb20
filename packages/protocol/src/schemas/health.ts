import { Type } from "typebox";
import { nullable, type Shape, Timestamp } from "./shape.ts";

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

/** The answer of `GET /health/live`. */
export const Liveness = Type.Object({ status: Type.Literal("ok"), version: Type.String() });
export type Liveness = Shape<typeof Liveness>;

const PartName = Type.Enum(["server", "database", "storage", "spool", "queue", "images", "videos", "scanner"]);

/** The ways in which the system keeps the processes that decode pictures apart. */
const Isolation = Type.Enum(["no-network", "no-privileges", "none"], {
  description:
    "How the processes that decode pictures are kept apart: without a network and further privileges, without further privileges, or not at all. They are killed at the end of their time in any case.",
});

/** A server, a supervisor of workers, or a `sluice worker`, that works on the library. */
const Node = Type.Object({
  id: Type.String({ description: "A name at random, which the node has until it ends." }),
  version: Type.String(),
  lastSeenAt: Timestamp,
  state: Type.Enum(["ok", "silent"], {
    description: "A node says every 10 seconds that it lives. One that was silent for a minute counts as dead.",
  }),
});

/** The answer of `GET /_sluice/health`. It names no path, no host and no account. */
export const HealthReport = Type.Object({
  status: Type.Enum(["ok", "unavailable"], { description: "Whether uploads can be taken, as GET /health says." }),
  version: Type.String(),
  checkedAt: Timestamp,
  parts: Type.Array(
    Type.Object({
      name: PartName,
      state: Type.Enum(["ok", "slow", "down"], {
        description: "A slow part works, but took longer than a second, or is a minute behind with jobs.",
      }),
      latencyMs: nullable(Type.Integer({ minimum: 0, description: "How long the part took to answer." })),
      freeBytes: nullable(Type.Integer({ minimum: 0, description: "The room on its disk; null where it has none." })),
      isolation: Type.Optional(Isolation),
      program: Type.Optional(Type.String({ description: "What reads videos, with its version." })),
    }),
  ),
  nodes: Type.Array(Node, { description: "The nodes of the library; none while the database is down." }),
});
export type HealthReport = Shape<typeof HealthReport>;
