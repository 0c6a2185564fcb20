import { type TProperties, Type } from "typebox";
import type { Shape } from "./shape.ts";

const text = (maxLength = 100) => Type.String({ minLength: 1, maxLength });
const name = Type.String({ minLength: 1, maxLength: 100, pattern: "^[a-zA-Z0-9 ]+$" });
const url = Type.String({ format: "uri" });
const prefix = Type.String({ maxLength: 100 });
const secret = (maxLength = 100) => Type.String({ maxLength, writeOnly: true });
const off = Type.Boolean({ default: false });
const optional = Type.Optional;
const allowedHosts = optional(
  Type.Array(Type.String(), {
    maxItems: 100,
    description: "The hosts that unsigned URLs may name. The vendor has no such list.",
  }),
);

/** The members of each type that the API answers. */
const shown = {
  S3: { bucket: text(), prefix, useIAMRole: Type.Boolean() },
  S3_COMPATIBLE: { bucket: text(), prefix, endpoint: url, s3ForcePathStyle: Type.Boolean() },
  CLOUDINARY_BACKUP: { bucket: text(), prefix, useIAMRole: Type.Boolean() },
  WEB_FOLDER: { baseUrl: url, forwardHostHeaderToOrigin: Type.Boolean() },
  WEB_PROXY: { allowedHosts },
  GCS: { bucket: text(), prefix, clientEmail: Type.String() },
  AZURE_BLOB: { container: text(), prefix, accountName: text() },
  AKENEO_PIM: { baseUrl: url },
} as const;

/** The members of each type that a body has. */
const sent = {
  S3: {
    bucket: text(),
    prefix: optional(prefix),
    useIAMRole: optional(off),
    accessKey: optional(secret()),
    secretKey: optional(secret()),
  },
  S3_COMPATIBLE: {
    bucket: text(),
    prefix: optional(prefix),
    endpoint: url,
    s3ForcePathStyle: optional(off),
    accessKey: secret(),
    secretKey: secret(),
  },
  CLOUDINARY_BACKUP: {
    bucket: text(),
    prefix: optional(prefix),
    useIAMRole: optional(off),
    accessKey: optional(secret()),
    secretKey: optional(secret()),
  },
  WEB_FOLDER: { baseUrl: url, forwardHostHeaderToOrigin: optional(off) },
  WEB_PROXY: { allowedHosts },
  GCS: { bucket: text(), prefix: optional(prefix), clientEmail: Type.String(), privateKey: secret(8192) },
  AZURE_BLOB: { container: text(), prefix: optional(prefix), accountName: text(), sasToken: secret(8192) },
  AKENEO_PIM: { baseUrl: url, clientId: secret(), clientSecret: secret(), username: secret(), password: secret() },
} as const;

type TypeName = keyof typeof shown;

const answered = <const Name extends TypeName, Members extends TProperties>(type: Name, members: Members) =>
  Type.Object({
    id: Type.String(),
    name,
    type: Type.Literal(type),
    includeCanonicalHeader: Type.Boolean(),
    baseUrlForCanonicalHeader: optional(url),
    ...members,
  });

const asked = <const Name extends TypeName, Members extends TProperties>(type: Name, members: Members) =>
  Type.Object({
    name,
    type: Type.Literal(type),
    includeCanonicalHeader: optional(off),
    baseUrlForCanonicalHeader: optional(url),
    ...members,
  });

/** An origin without its secrets (docs/protocol/media-api.md §10). */
export const OriginObject = Type.Union([
  answered("S3", shown.S3),
  answered("S3_COMPATIBLE", shown.S3_COMPATIBLE),
  answered("CLOUDINARY_BACKUP", shown.CLOUDINARY_BACKUP),
  answered("WEB_FOLDER", shown.WEB_FOLDER),
  answered("WEB_PROXY", shown.WEB_PROXY),
  answered("GCS", shown.GCS),
  answered("AZURE_BLOB", shown.AZURE_BLOB),
  answered("AKENEO_PIM", shown.AKENEO_PIM),
]);
export type OriginObject = Shape<typeof OriginObject>;

export const OriginList = Type.Array(OriginObject);

export const OriginRequest = Type.Union([
  asked("S3", sent.S3),
  asked("S3_COMPATIBLE", sent.S3_COMPATIBLE),
  asked("CLOUDINARY_BACKUP", sent.CLOUDINARY_BACKUP),
  asked("WEB_FOLDER", sent.WEB_FOLDER),
  asked("WEB_PROXY", sent.WEB_PROXY),
  asked("GCS", sent.GCS),
  asked("AZURE_BLOB", sent.AZURE_BLOB),
  asked("AKENEO_PIM", sent.AKENEO_PIM),
]);
