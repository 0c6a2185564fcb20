const encoder = new TextEncoder();

/** A V1 signature must end in less than an hour (docs/protocol/upload.md §4). */
const maxLifetimeSeconds = 3599;

const v1Token = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,})$/i;

/**
 * Whether V1 takes the text as a token: a UUID, or at least 32 hexadecimal digits, which is what the SDKs make. A V1
 * signature and a delivery URL's are made by one formula under one key, so these texts are set apart for V1: a server
 * that takes V1 uploads refuses a delivery URL whose signed text is one of them (docs/protocol/upload.md §4).
 */
export function isV1Token(text: string): boolean {
  return v1Token.test(text);
}

export interface V1SignatureOptions {
  readonly privateKey: string;
  /** Seconds, a whole number from 1 to 3599; half an hour, as in the vendor's helpers. */
  readonly expiresIn?: number | undefined;
  /** Makes the signature good for one upload: a UUID or at least 32 hexadecimal digits; a random UUID by default. */
  readonly token?: string | undefined;
  /** Unix seconds, a fraction is cut off; the current time. */
  readonly now?: number | undefined;
}

/** What the vendor's browser SDKs ask of a backend; the form carries them beside `publicKey`. */
export interface V1Signature {
  readonly token: string;
  /** Unix seconds. */
  readonly expire: number;
  readonly signature: string;
}

/**
 * Signs for one upload through `/api/v1` by a client. Whoever holds it may upload anything anywhere: only
 * `createUploadToken` locks the upload's parameters.
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
