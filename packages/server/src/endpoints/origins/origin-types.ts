import { leadsInside } from "../../network/outbound-rules.ts";
import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";

export interface MemberRules {
  /** Whether callers may name addresses that are not public. */
  readonly allowPrivateNetworks: boolean;
}

/** A member of an origin's body. */
export interface OriginMember {
  readonly required?: true;
  /** A secret is encrypted, and never answered. */
  readonly secret?: true;
  /** The value where the body has none. Without a standard the member is then left out. */
  readonly standard?: string | boolean;
  /** @returns what is wrong, behind the name of the member */
  readonly problemOf: (value: unknown, rules: MemberRules) => string | undefined;
}

type Members = Readonly<Record<string, OriginMember>>;

const maxLength = 100;
/** A private key of Google Cloud in PEM has some 1,700 characters, and a SAS token of Azure some 200. */
const maxSecretLength = 8192;
const maxHosts = 100;
/** A name has at most 253 characters, and a port six with its colon. */
const maxHostLength = 259;

function textProblem(min: number, max: number, pattern: RegExp | undefined, says: string) {
  return (value: unknown): string | undefined => {
    if (typeof value !== "string") return "must be a string";
    if (value.length < min || value.length > max) return `must have ${min} to ${max} characters`;
    return pattern === undefined || pattern.test(value) ? undefined : says;
  };
}

const noPath = "must be a path without . and .. in it";

function isPath(text: string): boolean {
  return text.isWellFormed() && !text.split("/").some((segment) => segment === "." || segment === "..");
}

const name: OriginMember = {
  required: true,
  problemOf: textProblem(1, maxLength, /^[a-zA-Z0-9 ]+$/, "must have letters, digits and spaces alone"),
};
/** The bucket becomes a part of a host's name, or of a path. */
const bucket: OriginMember = {
  required: true,
  problemOf: textProblem(1, maxLength, /^[A-Za-z0-9][A-Za-z0-9._-]*$/, "must have letters, digits, and . _ - alone"),
};
const prefix: OriginMember = {
  standard: "",
  problemOf: (value) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
    const problem = textProblem(0, maxLength, /^[^\\\x00-\x1f\x7f]*$/, noPath)(value);
    return problem ?? (isPath(String(value)) ? undefined : noPath);
  },
};
const flag: OriginMember = {
  standard: false,
  problemOf: (value) => (typeof value === "boolean" ? undefined : "must be true or false"),
};
const secret: OriginMember = { required: true, secret: true, problemOf: textProblem(1, maxLength, undefined, "") };
const longSecret: OriginMember = { ...secret, problemOf: textProblem(1, maxSecretLength, undefined, "") };
const awsKey: OriginMember = { required: true, secret: true, problemOf: textProblem(0, maxLength, undefined, "") };
const plainText: OriginMember = { required: true, problemOf: textProblem(1, maxLength, undefined, "") };
const baseUrl: OriginMember = { required: true, problemOf: urlProblem };
const canonical: Members = {
  includeCanonicalHeader: flag,
  baseUrlForCanonicalHeader: { problemOf: (value) => urlProblem(value, { allowPrivateNetworks: true }) },
};

function urlProblem(value: unknown, { allowPrivateNetworks }: MemberRules): string | undefined {
  if (typeof value !== "string") return "must be a string";
  if (value.length > 2048) return "must have at most 2048 characters";
  try {
    const url = parseRemoteUrl(value, "It");
    if (url.search !== "" || url.hash !== "") return "must have no query and no fragment";
    if (!allowPrivateNetworks && leadsInside(url.href)) return "leads to an address that is not public";
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    return `must be an http or https URL. ${error.message}`;
  }
  return undefined;
}

const email =
  /^(?!\.)(?!.*\.\.)[A-Za-z0-9_'+\-.]{0,64}[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}$/;

/** A host, with a port if it is not that of the scheme. It is Sluice's own member, which the vendor doesn't have. */
const allowedHosts: OriginMember = {
  problemOf: (value) => {
    if (!Array.isArray(value) || value.length > maxHosts) return `must be an array of at most ${maxHosts} hosts`;
    const isHost = (host: unknown) => {
      if (
        typeof host !== "string" ||
        host.length > maxHostLength ||
        !/^[a-z0-9][a-z0-9.-]*(?::[1-9]\d{0,4})?$/.test(host)
      )
        return false;
      return URL.parse(`https://${host}`)?.host === host;
    };
    return value.every(isHost) ? undefined : "must have hosts alone, such as images.example.com, in lower case";
  },
};

/** The types of origins with their members (docs/protocol/media-api.md §10). Name and type are members of all. */
const originTypes = {
  S3: { ...canonical, bucket, prefix, useIAMRole: flag, accessKey: awsKey, secretKey: awsKey },
  S3_COMPATIBLE: {
    ...{ ...canonical, bucket, prefix, endpoint: baseUrl, s3ForcePathStyle: flag },
    ...{ accessKey: secret, secretKey: secret },
  },
  CLOUDINARY_BACKUP: { ...canonical, bucket, prefix, useIAMRole: flag, accessKey: awsKey, secretKey: awsKey },
  WEB_FOLDER: { ...canonical, baseUrl, forwardHostHeaderToOrigin: flag },
  WEB_PROXY: { ...canonical, allowedHosts },
  GCS: {
    ...{ ...canonical, bucket, prefix, privateKey: longSecret },
    clientEmail: { required: true, problemOf: textProblem(3, 320, email, "must be an e-mail address") },
  },
  AZURE_BLOB: { ...canonical, container: bucket, prefix, accountName: plainText, sasToken: longSecret },
  AKENEO_PIM: {
    ...{ ...canonical, baseUrl, clientId: secret, clientSecret: secret },
    ...{ username: secret, password: secret },
  },
} as const satisfies Readonly<Record<string, Members>>;

export type OriginType = keyof typeof originTypes;

export function isOriginType(value: unknown): value is OriginType {
  return typeof value === "string" && Object.hasOwn(originTypes, value);
}

/** Every member of a body of this type. */
export function membersOf(type: OriginType): Members {
  return { name, ...originTypes[type] };
}
