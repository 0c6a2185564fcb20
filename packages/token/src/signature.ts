import { CompactSign } from "jose";

const encoder = new TextEncoder();

/** What a token's signature covers: the ASCII text `header.payload` (RFC 7515 §5.1). */
export function signedBytes(parts: { readonly header: string; readonly payload: string }): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${parts.header}.${parts.payload}`);
}

/** HMAC-SHA256 with the UTF-8 bytes of the private key, compared in constant time by WebCrypto. */
export async function signatureHolds(
  signed: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  privateKey: string,
): Promise<boolean> {
  const secret = encoder.encode(privateKey);
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, signature, signed);
}

/**
 * Identifies a token in the ledger of used ones. Never the hash of the token's text: base64url can spell one signature
 * in several ways, and each spelling would pass as a token of its own (design.md, decision 3).
 */
export async function digestOf(signed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", signed));
}

/** Members are written in the order given; the payload is bytes, so that no claim is interpreted on the way. */
export async function signToken(
  header: { readonly alg: "HS256"; readonly typ: "JWT"; readonly kid: string; readonly jti?: string },
  payload: object,
  privateKey: string,
): Promise<string> {
  return new CompactSign(encoder.encode(JSON.stringify(payload)))
    .setProtectedHeader(header)
    .sign(encoder.encode(privateKey));
}
