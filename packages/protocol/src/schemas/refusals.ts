import { Type } from "typebox";
import { nullable, type Shape, Timestamp } from "./shape.ts";

/** The kinds of requests whose refusals are told apart. */
export const refusalKinds = ["upload", "api", "delivery"] as const;
export type RefusalKind = (typeof refusalKinds)[number];

const kind = Type.Enum([...refusalKinds], {
  description: "`upload` for all ways of uploading, `delivery` for URLs of files, `api` for everything else.",
});

export const RefusalQuery = Type.Object({
  requestId: Type.Optional(Type.String({ description: "The `x-request-id` of the refused answer." })),
  reason: Type.Optional(Type.String({ description: "A `reason` of refusals." })),
  kind: Type.Optional(kind),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })),
});

export type RefusalObject = Shape<typeof RefusalObject>;
export const RefusalObject = Type.Object({
  at: Timestamp,
  requestId: Type.String(),
  kind,
  operation: nullable(Type.String({ description: "The `operationId` in this document; null for a path without one." })),
  status: Type.Integer(),
  reason: Type.String(),
  message: Type.String({ description: "Long texts are cut. Tokens, keys and signatures are left out." }),
  help: nullable(Type.String()),
  parameter: nullable(Type.String({ description: "The parameter that the refusal names." })),
  proven: Type.Boolean({
    description:
      "Whether the request had proved that it speaks for the account: by a private key, a session, or a token whose " +
      "signature holds. Anybody can send any other request.",
  }),
});

export type RefusalList = Shape<typeof RefusalList>;
export const RefusalList = Type.Object({
  refusals: Type.Array(RefusalObject, { description: "The newest first." }),
  asked: Type.Object(
    {
      node: Type.String({ description: "The server that was asked. Its name is made anew at each start." }),
      processes: Type.Integer({ description: "The processes that have answered." }),
      silent: Type.Integer({ description: "The processes that have not." }),
    },
    { description: "Each server of several that share a database remembers its own refusals." },
  ),
});
