import { createHmac } from "node:crypto";
import type { LoadPlan } from "./plan.ts";

const lifetimeSeconds = 3600;
const idLength = 16;

/**
 * Tokens for uploads with exactly these fields, as a backend would sign them (HS256). All tokens are different and have
 * the same length, so that one can replace another in a form that is already built.
 */
export function mintTokens(count: number, fields: Readonly<Record<string, string>>, keys: LoadPlan["keys"]): string[] {
  const iat = Math.floor(Date.now() / 1000);
  const payload = encode({ ...fields, iat, exp: iat + lifetimeSeconds });
  return Array.from({ length: count }, (_, index) => {
    const jti = index.toString(16).padStart(idLength, "0");
    const signed = `${encode({ alg: "HS256", typ: "JWT", kid: keys.publicKey, jti })}.${payload}`;
    return `${signed}.${createHmac("sha256", keys.privateKey).update(signed).digest("base64url")}`;
  });
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
