import { isLifetime } from "../mint.ts";
import { quote, TokenRequestRefusal } from "./refusal.ts";

/** Maximum length of the body in bytes. */
const MAX_BODY_LENGTH = 65_536;

/** The guide's lifetime in seconds, for requests that ask for none. */
const DEFAULT_LIFETIME = 60;

/** The guide's request to a backend (docs/protocol/upload.md §3, "Backend contract"), with its shape checked. */
export interface TokenRequest {
  readonly uploadPayload: Readonly<Record<string, string>>;
  /** Seconds, 1 to 3600. */
  readonly expire: number;
  /** Undefined selects the first key pair. */
  readonly publicKey: string | undefined;
}

/**
 * Reads the body as JSON whatever its content type says, because the guide's page posts a JSON string without naming a
 * type.
 * @throws {TokenRequestRefusal}
 */
export async function readTokenRequest(request: Request): Promise<TokenRequest> {
  const body = parseObject(await readText(request));
  const { uploadPayload, expire = DEFAULT_LIFETIME, publicKey } = body;
  if (!isObject(uploadPayload)) {
    throw new TokenRequestRefusal(
      "UPLOAD_PAYLOAD_INVALID",
      "The request's uploadPayload must be an object of upload parameters.",
    );
  }
  for (const [name, value] of Object.entries(uploadPayload)) {
    if (typeof value !== "string") {
      const message = `The upload parameter ${quote(name)} must be a string, exactly as the form sends it.`;
      throw new TokenRequestRefusal("PARAMETER_INVALID", message);
    }
  }
  if (!isLifetime(expire)) {
    throw new TokenRequestRefusal(
      "EXPIRE_INVALID",
      "The request's expire must be the token's lifetime, a whole number of seconds from 1 to 3600.",
    );
  }
  if (publicKey !== undefined && typeof publicKey !== "string") {
    throw new TokenRequestRefusal("PUBLIC_KEY_UNKNOWN", "The request's publicKey must be a string.");
  }
  return { uploadPayload: uploadPayload as Record<string, string>, expire, publicKey };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new TokenRequestRefusal("BODY_INVALID", "The request's body must be JSON.", { cause });
  }
  if (!isObject(body)) {
    throw new TokenRequestRefusal("BODY_INVALID", "The request's body must be a JSON object.");
  }
  return body;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readText(request: Request): Promise<string> {
  if (request.bodyUsed) {
    throw new Error("The request's body has been read before: authorize and middleware must read request.clone().");
  }
  const bytes = await readBytes(request.body);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TokenRequestRefusal("BODY_INVALID", "The request's body must be UTF-8.", { cause });
  }
}

async function readBytes(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const bytes = new Uint8Array(MAX_BODY_LENGTH);
  let length = 0;
  const reader = body?.getReader();
  try {
    for (let result = await reader?.read(); result && !result.done; result = await reader?.read()) {
      if (length + result.value.length > MAX_BODY_LENGTH) {
        throw new TokenRequestRefusal("BODY_TOO_LARGE", `The request's body is longer than ${MAX_BODY_LENGTH} bytes.`);
      }
      bytes.set(result.value, length);
      length += result.value.length;
    }
  } catch (cause) {
    if (cause instanceof TokenRequestRefusal) {
      throw cause;
    }
    throw new TokenRequestRefusal("BODY_INVALID", "The request's body ended early.", { cause });
  } finally {
    // This isn't awaited, because a source may delay its cancellation for as long as it likes. After the end of the
    // body it does nothing.
    reader?.cancel().catch(() => undefined);
  }
  return bytes.subarray(0, length);
}
