import { createHmac, randomUUID } from "node:crypto";
import { keys } from "./server.ts";

export interface RawToken {
  /** An object, or the JSON text itself where an object can't express what the test needs. */
  readonly header?: Readonly<Record<string, unknown>> | string;
  readonly payload: Readonly<Record<string, unknown>> | string;
  readonly privateKey?: string;
  /** The HMAC's hash, for a test that wants a wrong one. */
  readonly hash?: string;
}

/** The current time in Unix seconds. */
export function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}

/** Adds `iat` and `exp` to the claims of a hand-written token, so that it is valid from now for `lifetime` seconds. */
export function alive(claims: Readonly<Record<string, unknown>>, lifetime = 60): Record<string, unknown> {
  const iat = unixTime();
  return { ...claims, iat, exp: iat + lifetime };
}

/**
 * A correct header with the test's own members in place of some. A member set to undefined is left out. The `jti`
 * distinguishes tokens that would otherwise be equal because they were made within one second.
 */
export function header(members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { alg: "HS256", typ: "JWT", kid: keys.publicKey, jti: randomUUID(), ...members };
}

/** Signs a token as given, right or wrong, because libraries refuse to make most of the wrong ones. */
export function signRaw(token: RawToken): string {
  const signed = `${encode(token.header ?? header())}.${encode(token.payload)}`;
  const secret = token.privateKey ?? keys.privateKey;
  const signature = createHmac(token.hash ?? "sha256", secret)
    .update(signed)
    .digest("base64url");
  return `${signed}.${signature}`;
}

function encode(part: Readonly<Record<string, unknown>> | string): string {
  return Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
}

/**
 * The same token with its signature spelt in another way. The last of the signature's 43 characters carries two bits
 * without meaning, which many decoders ignore.
 */
export function respellSignature(token: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = alphabet.indexOf(token.at(-1) ?? "");
  return `${token.slice(0, -1)}${alphabet[last ^ 1]}`;
}

/** The same token with one bit of its signature changed. */
export function breakSignature(token: string): string {
  const dot = token.lastIndexOf(".");
  const signature = Buffer.from(token.slice(dot + 1), "base64url");
  signature.writeUInt8((signature[0] ?? 0) ^ 1, 0);
  return `${token.slice(0, dot)}.${signature.toString("base64url")}`;
}
