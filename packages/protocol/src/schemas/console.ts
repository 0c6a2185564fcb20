import { Type } from "typebox";
import { AnyObject, type Shape } from "./shape.ts";

const role = Type.Union([Type.Literal("full"), Type.Literal("read")], {
  description: "What the session may do. With `read`, only the GET requests of /v1, and downloads as ZIP.",
});
const time = (description: string) => Type.String({ format: "date-time", description });

export type ConsoleSignIn = Shape<typeof ConsoleSignIn>;
export const ConsoleSignIn = Type.Union(
  [
    Type.Object({ publicKey: Type.String(), privateKey: Type.String() }),
    Type.Object({ link: Type.String({ description: "What follows `#link=` in a one-time link." }) }),
  ],
  { description: "A key pair with the role full or read, or a one-time link." },
);

export type ConsoleSession = Shape<typeof ConsoleSession>;
export const ConsoleSession = Type.Object({
  session: Type.Object({
    id: Type.String(),
    role,
    publicKey: Type.String({ description: "The key pair that the session stands for. The session ends with it." }),
    createdAt: time("When it was begun."),
    idleSeconds: Type.Number({ description: "The session ends when it is not used for this time." }),
    endsAt: time("When it ends at the latest."),
  }),
  account: Type.Object({
    imagekitId: Type.String(),
    urlEndpoint: Type.String({ description: "The address below which the account's files are delivered." }),
  }),
  limits: Type.Object(
    {
      fileBytes: Type.Union([Type.Integer(), Type.Null()], {
        description: "Of a file that is no video; null for no limit.",
      }),
      videoBytes: Type.Union([Type.Integer(), Type.Null()]),
    },
    { description: "The largest files that uploads may have." },
  ),
  delivery: Type.Record(Type.String(), Type.Unknown(), {
    description: "How the account delivers: the switches of `sluice account set`, with those that nobody has set.",
  }),
  features: Type.Object({
    trashDays: Type.Union([Type.Number(), Type.Null()], {
      description: "For so long the console's deletions stay in the trash. null where it is switched off.",
    }),
    virusScan: Type.Boolean({ description: "Whether uploads are scanned." }),
    extensions: Type.Array(Type.String(), { description: "The names of the extensions that uploads may ask for." }),
    demo: Type.Boolean(),
  }),
  sharesOrigin: Type.Boolean({
    description: "Whether files of users are delivered from the console's own origin, for want of --console-origin.",
  }),
});

export type ConsoleSessionList = Shape<typeof ConsoleSessionList>;
export const ConsoleSessionList = Type.Array(
  Type.Object({
    id: Type.String(),
    role,
    publicKey: Type.String(),
    current: Type.Boolean({ description: "Whether it is the session of this request." }),
    client: Type.String({ description: "The browser, as it has named itself; shortened." }),
    createdAt: time("When it was begun."),
    lastSeenAt: time("When it was last used, to a minute."),
    endsAt: time("When it ends at the latest."),
  }),
);

export const ConsoleTokenRequest = Type.Object({
  uploadPayload: Type.Record(Type.String(), Type.String(), {
    description: "The text fields of the form, apart from the token.",
  }),
  expire: Type.Optional(Type.Integer({ minimum: 1, maximum: 3600, default: 60, description: "Seconds." })),
});

export const ConsoleToken = Type.Object({
  token: Type.String(),
  parameters: Type.Optional(
    Type.Intersect([AnyObject], { description: "The fields that the form must send, where they differ." }),
  ),
});

export const ConsoleTokenRefusal = Type.Object({
  message: Type.String(),
  help: Type.Optional(Type.String()),
  reason: Type.String(),
});
