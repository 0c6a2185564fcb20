import { base64url } from "jose";
import { invalidToken } from "./upload-token-error.ts";

/**
 * Maximum length of a token that is read, in characters. A form field may not be longer either
 * (docs/protocol/upload.md §15.18).
 */
export const MAX_TOKEN_LENGTH = 65_536;

/** The decoder is created once, because creating it costs more than decoding a token's part. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const partNames = ["header", "payload", "signature"] as const;
type PartName = (typeof partNames)[number];

export type TokenParts = Readonly<Record<PartName, string>>;
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Splits a compact JWS into its three encoded parts. This is stricter than common decoders on purpose: padding, white
 * space, the other base64 alphabet and empty parts are refused, not repaired.
 */
export function splitToken(token: string): TokenParts {
  if (token.length > MAX_TOKEN_LENGTH) {
    throw invalidToken(`The token is longer than ${MAX_TOKEN_LENGTH} characters.`);
  }
  const parts = token.split(".");
  const [header, payload, signature] = parts;
  if (header === undefined || payload === undefined || signature === undefined || parts.length > 3) {
    throw invalidToken(
      `This is not a JSON Web Token: it has ${parts.length} ${parts.length === 1 ? "part" : "parts"} separated by dots, not 3.`,
    );
  }
  const named = { header, payload, signature };
  for (const name of partNames) {
    if (!/^[A-Za-z0-9_-]+$/.test(named[name]) || named[name].length % 4 === 1) {
      throw invalidToken(`The token's ${name} is ${named[name] === "" ? "empty" : "not unpadded base64url"}.`);
    }
  }
  return named;
}

/** Returns the bytes of a part that `splitToken` has accepted. */
export function decodePart(part: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(base64url.decode(part));
}

export function decodeJsonObject(name: PartName, part: string): JsonObject {
  const text = decodeText(name, part);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidToken(`The token's ${name} is not JSON.`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidToken(`The token's ${name} is not a JSON object.`);
  }
  if (Object.keys(value).length !== countMembers(text)) {
    throw invalidToken(`The token's ${name} has a member twice.`);
  }
  return value as JsonObject;
}

function decodeText(name: PartName, part: string): string {
  try {
    return utf8.decode(decodePart(part));
  } catch {
    throw invalidToken(`The token's ${name} is not UTF-8.`);
  }
}

/**
 * Counts the members of the outermost object in text that is known to be valid JSON. JSON.parse keeps the last of two
 * equal names, other readers keep the first. A backend's own check could therefore see another value than the one
 * enforced here.
 */
function countMembers(json: string): number {
  let depth = 0;
  let commas = 0;
  let empty = true;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (inString) {
      if (character === "\\") {
        index++;
      } else if (character === '"') {
        inString = false;
      }
    } else if (character === '"') {
      inString = true;
      empty = false;
    } else if (character === "{" || character === "[") {
      depth++;
    } else if (character === "}" || character === "]") {
      depth--;
    } else if (character === "," && depth === 1) {
      commas++;
    }
  }
  return empty ? 0 : commas + 1;
}
