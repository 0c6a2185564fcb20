import { CompactSign } from "jose";

const encoder = new TextEncoder();

/** Returns the bytes that a token's signature covers: the ASCII text `header.payload` (RFC 7515 §5.1). */
export function signedBytes(parts: { readonly header: string; readonly payload: string }): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${parts.header}.${parts.payload}`);
}

/**
 * The two operations that verifying needs. A server may bring its own: WebCrypto's hop costs more than the work itself.
 */
export interface TokenCrypto {
  /** Whether this is the HMAC-SHA256 of the bytes under the UTF-8 bytes of the key; compared in constant time. */
  hmacHolds(signed: Bytes, signature: Bytes, privateKey: string): boolean | Promise<boolean>;
  sha256(bytes: Bytes): Bytes | Promise<Bytes>;
}

type Bytes = Uint8Array<ArrayBuffer>;

export const webCrypto: TokenCrypto = {
  async hmacHolds(signed, signature, privateKey) {
    const secret = encoder.encode(privateKey);
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    return crypto.subtle.verify("HMAC", key, signature, signed);
  },
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  },
};

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
