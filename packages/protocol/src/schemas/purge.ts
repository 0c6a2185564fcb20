import { Type } from "typebox";
import { Progress } from "./progress.ts";
import type { Shape } from "./shape.ts";

/** The body of `POST /v1/files/purge` (docs/protocol/media-api.md §8). */
export const PurgeRequest = Type.Object({
  url: Type.String({ description: "The URL of a file, or with * at its end the URLs that begin so." }),
});

export const PurgeReceipt = Type.Object({ requestId: Type.String() });

/** The answer of `GET /v1/files/purge/{requestId}`. `progress` is Sluice's own. */
export const PurgeStatus = Type.Object({
  status: Type.Enum(["Pending", "Completed"]),
  progress: Type.Optional(Progress),
});
export type PurgeStatus = Shape<typeof PurgeStatus>;
