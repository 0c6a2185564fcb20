const encoder = new TextEncoder();

/** A V1 signature must end in less than an hour (docs/protocol/upload.md §4). */
const maxLifetimeSeconds = 3599;

const v1Token = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})$/i;

/**
 * Whether V1 accepts the text as a token. A token is a UUID, or at least 32 hexadecimal digits, which is what the SDKs
 * make. The signatures of V1 and of delivery URLs are made by the same formula under the same key. So these texts are
 * reserved for V1: a server that takes V1 uploads refuses a delivery URL whose signed text is one of them
 * (docs/protocol/upload.md §4).
 */
export function isV1Token(text: string): boolean {
  return v1Token.test(text);
}

export interface V1SignatureOptions {
  readonly privateKey: string;
  /**
   * The lifetime in seconds, a whole number from 1 to 3599. The default is half an hour, as in the vendor's helpers.
   */
  readonly expiresIn?: number | undefined;
  /**
   * The token makes the signature valid for one upload. It is a UUID or at least 32 hexadecimal digits. The default is
   * a random UUID.
   */
  readonly token?: string | undefined;
  /** The time in Unix seconds; a fraction is cut off. The default is the current time. */
  readonly now?: number | undefined;
}

/** The values that the vendor's browser SDKs ask of a backend. The form carries them in addition to `publicKey`. */
export interface V1Signature {
  readonly token: string;
  /** The expiry in Unix seconds. */
  readonly expire: number;
  readonly signature: string;
}

/**
 * Makes a signature for one upload by a client through `/api/v1`. Anybody who holds the signature may upload anything
 * anywhere. Only `createUploadToken` locks the upload's parameters.
 * @throws {TypeError} for a key or a token that cannot sign
 * @throws {RangeError} for a lifetime outside 1 to 3599 seconds
 */
export async function createV1Signature(options: V1SignatureOptions): Promise<V1Signature> {
  const { privateKey, expiresIn = 1800, token = crypto.randomUUID(), now = Date.now() / 1000 } = options;
  if (typeof privateKey !== "string" || privateKey === "")
    throw new TypeError("privateKey must be a non-empty string.");
  if (typeof token !== "string" || !isV1Token(token)) {
    throw new TypeError("token must be a UUID or at least 32 hexadecimal digits.");
  }
  if (!Number.isInteger(expiresIn) || expiresIn < 1 || expiresIn > maxLifetimeSeconds) {
    throw new RangeError(`expiresIn must be a whole number of seconds from 1 to ${maxLifetimeSeconds}.`);
  }
  const expire = Math.floor(now) + expiresIn;
  if (!Number.isSafeInteger(expire)) throw new RangeError("now must be a Unix time in seconds.");
  return { token, expire, signature: await hmacSha1(privateKey, token + expire) };
}

async function hmacSha1(privateKey: string, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-1" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(privateKey), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
