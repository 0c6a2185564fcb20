import { createHmac, randomUUID } from "node:crypto";
import { keys } from "./server.ts";

export interface RawToken {
  /** An object, or the JSON text itself where an object cannot say what a test wants to. */
  readonly header?: Readonly<Record<string, unknown>> | string;
  readonly payload: Readonly<Record<string, unknown>> | string;
  readonly privateKey?: string;
  /** Of the HMAC, when another than the right one is wanted. */
  readonly hash?: string;
}

/** Unix seconds. */
export function unixTime(): number {
  return Math.floor(Date.now() / 1000);
}

/** The claims with a lifetime around now, for tokens written by hand. */
export function alive(claims: Readonly<Record<string, unknown>>, lifetime = 60): Record<string, unknown> {
  const iat = unixTime();
  return { ...claims, iat, exp: iat + lifetime };
}

/**
 * The right header, with what a test wants to be different; a member set to undefined is left out. The `jti` keeps
 * equal tokens of one second apart.
 */
export function header(members: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { alg: "HS256", typ: "JWT", kid: keys.publicKey, jti: randomUUID(), ...members };
}

/** A token as given, right or wrong: libraries refuse to make most of the wrong ones. */
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
 * The same token with its signature spelt in another way: the last character of 43 carries two bits that stand for
 * nothing, which many decoders ignore.
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
