import { percentDecode } from "./percent.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const sextets = new Map([...alphabet].map((character, index) => [character, index]));

/**
 * Decodes UTF-8 text from standard or URL-safe base64, with or without padding. A space is read as a plus, because a
 * form decoder turns plus into space. A text that is still percent-encoded was encoded once more than it was decoded,
 * so it is decoded here (docs/protocol/delivery.md §1.3).
 */
export function decodeBase64(encoded: string): string | undefined {
  const standard = percentDecode(encoded)
    ?.replaceAll(" ", "+")
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={1,2}$/, "");
  if (standard === undefined || standard.length % 4 === 1) return undefined;
  const bytes: string[] = [];
  let bits = 0;
  let held = 0;
  for (const character of standard) {
    const sextet = sextets.get(character);
    if (sextet === undefined) return undefined;
    held = ((held << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push(`%${((held >> bits) & 0xff).toString(16).padStart(2, "0")}`);
  }
  return percentDecode(bytes.join(""));
}

/** Encodes with the standard alphabet and padding, as the official SDKs do. */
export function encodeBase64(wellFormed: string): string {
  const bytes = [...encodeURIComponent(wellFormed).matchAll(/%(..)|(.)/g)].map(([, hex, plain]) =>
    hex === undefined ? (plain ?? "").charCodeAt(0) : Number.parseInt(hex, 16),
  );
  let encoded = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second, third] = bytes.slice(index, index + 3);
    const group = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const characters = [18, 12, 6, 0].map((shift) => alphabet[(group >> shift) & 63]);
    encoded += characters.slice(0, third !== undefined ? 4 : second !== undefined ? 3 : 2).join("");
    encoded += third !== undefined ? "" : second !== undefined ? "=" : "==";
  }
  return encoded;
}
