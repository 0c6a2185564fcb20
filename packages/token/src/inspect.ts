import { headerProblems } from "./header.ts";
import { type LifetimeLimits, lifetimeProblems } from "./lifetime.ts";
import { type Claims, matchPayload, type PayloadDifferences, typeName } from "./match.ts";
import { toNfc } from "./nfc.ts";
import { decodeJsonObject, decodePart, type JsonObject, splitToken, type TokenParts } from "./parse.ts";
import { signedBytes, webCrypto } from "./signature.ts";
import { UploadTokenError } from "./upload-token-error.ts";
import { type FindPrivateKey, parameterClaims, unknownKey, wrongSignature } from "./verify.ts";

export interface InspectOptions extends LifetimeLimits {
  /** Returns the private key of a public key. Without it, the key and the signature are not checked. */
  readonly findPrivateKey?: FindPrivateKey | undefined;
  /** The time of the check in Unix seconds. Default: the current time. */
  readonly now?: number | undefined;
}

/** The checks, in the order in which the server makes them. */
export type TokenCheckName = "format" | "header" | "key" | "signature" | "lifetime" | "form";

export interface TokenCheck {
  readonly name: TokenCheckName;
  /** `skipped`: the check needs something that was missing or unreadable. */
  readonly outcome: "passed" | "failed" | "skipped";
  readonly problems: readonly string[];
}

export interface TokenInspection {
  /**
   * Whether no check failed and the signature was checked. Only the server's ledger knows whether the token was used
   * before.
   */
  readonly acceptable: boolean;
  readonly header: JsonObject | undefined;
  /** The claims without `iat` and `exp`. */
  readonly claims: Claims | undefined;
  /** ISO 8601; undefined if `iat` is not a time. */
  readonly issuedAt: string | undefined;
  /** ISO 8601; undefined if `exp` is not a time. */
  readonly expiresAt: string | undefined;
  /** Hexadecimal SHA-256 over `header.payload`, as in the ledger. */
  readonly digest: string | undefined;
  readonly checks: readonly TokenCheck[];
  readonly differences: PayloadDifferences | undefined;
}

/**
 * Explains a token without using it up. Unlike `verifyUploadToken`, it names everything that is wrong and not only the
 * first problem. `fields` are the form's text fields. The problems of the check `form` quote values. They are for the
 * owner of the keys, not for an answer to a client.
 */
export async function inspectUploadToken(
  token: string,
  fields: Iterable<readonly [name: string, value: string]> | undefined,
  options: InspectOptions = {},
): Promise<TokenInspection> {
  const format: string[] = [];
  const parts = attempt(format, () => splitToken(token));
  const header = parts && attempt(format, () => decodeJsonObject("header", parts.header));
  const payload = parts && attempt(format, () => decodeJsonObject("payload", parts.payload));
  const claims = payload && parameterClaims(payload);
  const entries = fields && [...fields];
  const differences = claims && entries && matchPayload(claims, entries);
  const now = options.now ?? Date.now() / 1000;
  const checks = [
    check("format", format),
    check("header", header && [...headerProblems(header)].map(({ problem }) => problem)),
    ...(await keyChecks(parts, header, options.findPrivateKey)),
    check("lifetime", payload && [...lifetimeProblems(payload, now, options)].map(({ problem }) => problem)),
    check("form", claims && entries && explain(claims, entries, differences)),
  ];
  return {
    acceptable: checks.every(({ name, outcome }) => outcome === "passed" || (name === "form" && outcome === "skipped")),
    header,
    claims,
    issuedAt: isoTime(payload?.iat),
    expiresAt: isoTime(payload?.exp),
    digest: parts && hexadecimal(await webCrypto.sha256(signedBytes(parts))),
    checks,
    differences,
  };
}

async function keyChecks(
  parts: TokenParts | undefined,
  header: JsonObject | undefined,
  findPrivateKey: FindPrivateKey | undefined,
): Promise<TokenCheck[]> {
  if (!parts || typeof header?.kid !== "string" || !findPrivateKey) {
    return [check("key", undefined), check("signature", undefined)];
  }
  const privateKey = await findPrivateKey(header.kid);
  if (!privateKey) {
    return [check("key", [unknownKey.problem]), check("signature", undefined)];
  }
  const holds = await webCrypto.hmacHolds(signedBytes(parts), decodePart(parts.signature), privateKey);
  return [check("key", []), check("signature", holds ? [] : [wrongSignature])];
}

function check(name: TokenCheckName, problems: readonly string[] | undefined): TokenCheck {
  if (problems === undefined) {
    return { name, outcome: "skipped", problems: [] };
  }
  return { name, outcome: problems.length === 0 ? "passed" : "failed", problems };
}

function attempt<Value>(problems: string[], step: () => Value): Value | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof UploadTokenError)) {
      throw error;
    }
    problems.push(error.problem);
    return undefined;
  }
}

function explain(
  claims: Claims,
  fields: ReadonlyArray<readonly [name: string, value: string]>,
  differences: PayloadDifferences | undefined,
): string[] {
  if (!differences) {
    return [];
  }
  const sent = new Map(fields);
  return [
    ...differences.missing.map((name) => `${name} is in the token, but not in the form.`),
    ...differences.extra.map((name) =>
      claims.has(name) ? `${name} is in the form more than once.` : `${name} is in the form, but not in the token.`,
    ),
    ...differences.different.map((name) => explainValue(name, claims.get(name), sent.get(name) ?? "")),
  ];
}

function explainValue(name: string, claimed: unknown, sent: string): string {
  if (typeof claimed !== "string") {
    return `${name} is not a string in the token (${typeName(claimed)}): claims are never converted. The form says ${JSON.stringify(sent)}.`;
  }
  const hint = hints.find(({ same }) => same(claimed) === same(sent));
  const values = `the token says ${JSON.stringify(claimed)}, the form ${JSON.stringify(sent)}`;
  return `${name} differs${hint ? ` in ${hint.difference} alone` : ""}: ${values}.`;
}

/** The usual differences between two values that look alike, the most specific first. */
const hints: ReadonlyArray<{ readonly difference: string; readonly same: (text: string) => string }> = [
  { difference: "its line breaks", same: (text) => text.replace(/\r\n?/g, "\n") },
  { difference: "its Unicode normalisation", same: toNfc },
  { difference: "its leading and trailing slashes", same: (text) => text.replace(/^\/+|\/+$/g, "") },
  { difference: "its white space", same: (text) => text.replace(/\s+/g, "") },
  { difference: "upper and lower case", same: (text) => text.toLowerCase() },
];

function isoTime(seconds: unknown): string | undefined {
  const date = new Date(typeof seconds === "number" ? seconds * 1000 : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
