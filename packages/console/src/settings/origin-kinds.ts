import type { Answer } from "../api/routes.ts";

export type Origin = Answer<"GET /v1/accounts/origins">[number];
export type OriginType = Origin["type"];

/** The control by which a member of an origin is filled in. A secret is written, and never shown. */
export type MemberKind = "text" | "url" | "flag" | "secret" | "longSecret" | "hosts";

/** A member of an origin's body, besides its name and its type. */
export interface Member {
  readonly name: string;
  readonly kind: MemberKind;
  readonly isOptional?: true;
}

const text = (name: string): Member => ({ name, kind: "text" });
const optional = (name: string, kind: MemberKind = "text"): Member => ({ name, kind, isOptional: true });
const url = (name: string): Member => ({ name, kind: "url" });
const flag = (name: string): Member => ({ name, kind: "flag" });
const secret = (name: string): Member => ({ name, kind: "secret" });

const bucket = [text("bucket"), optional("prefix")];
const awsKeys = [flag("useIAMRole"), optional("accessKey", "secret"), optional("secretKey", "secret")];
const canonical = [flag("includeCanonicalHeader"), optional("baseUrlForCanonicalHeader", "url")];

/** The members of each type, in the order of its form. */
export const originKinds = {
  WEB_FOLDER: [url("baseUrl"), flag("forwardHostHeaderToOrigin"), ...canonical],
  WEB_PROXY: [optional("allowedHosts", "hosts"), ...canonical],
  S3: [...bucket, ...awsKeys, ...canonical],
  S3_COMPATIBLE: [
    ...[url("endpoint"), ...bucket, flag("s3ForcePathStyle")],
    ...[secret("accessKey"), secret("secretKey"), ...canonical],
  ],
  GCS: [...bucket, text("clientEmail"), { name: "privateKey", kind: "longSecret" }, ...canonical],
  AZURE_BLOB: [text("accountName"), text("container"), optional("prefix"), secret("sasToken"), ...canonical],
  AKENEO_PIM: [
    ...[url("baseUrl"), secret("clientId"), secret("clientSecret"), secret("username"), secret("password")],
    ...canonical,
  ],
  CLOUDINARY_BACKUP: [...bucket, ...awsKeys, ...canonical],
} as const satisfies Readonly<Record<OriginType, readonly Member[]>>;

export function membersOf(type: OriginType): readonly Member[] {
  return originKinds[type];
}
