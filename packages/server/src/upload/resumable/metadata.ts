import { isUtf8 } from "node:buffer";
import { SluiceError } from "@sluice/protocol";
import type { Limits } from "../../config/limits.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { shortened } from "../../text/shortened.ts";

const header = "Upload-Metadata";

export type MetadataLimits = Pick<Limits, "parts" | "fieldBytes" | "allFieldsBytes">;

/**
 * Reads a creation's Upload-Metadata header: pairs with commas between them, each a key, a space and the base64 of the
 * value (tus 1.0, "Creation"). The pairs keep their order. A key alone has the empty value. A form's limits apply.
 *
 * A value has one spelling only: the base64 of RFC 4648 §4 with its padding. So what the session keeps of the header
 * says the same to everybody who decodes it.
 * @throws SluiceError PARAMETER_INVALID, PARAMETER_REPEATED, PARAMETER_TOO_LARGE, FORM_TOO_LARGE
 */
export function parseUploadMetadata(text: string | undefined, limits: MetadataLimits): [name: string, value: string][] {
  if (text === undefined || trimmed(text) === "") return [];
  // The excess is not even split: commas alone would make a list of 60,000 entries of one header.
  const entries = text.split(",", limits.parts + 1);
  if (entries.length > limits.parts) throw tooLarge(`${limits.parts} pairs in the ${header} header`);
  const fields = new Map<string, string>();
  let bytes = 0;
  for (const [index, entry] of entries.entries()) {
    const { name, encoded } = splitPair(trimmed(entry), index);
    if (fields.has(name)) throw new SluiceError("PARAMETER_REPEATED", { parameter: shortened(name, 64) });
    const value = decode(name, encoded, limits.fieldBytes);
    bytes += name.length + Buffer.byteLength(value);
    if (bytes > limits.allFieldsBytes) throw tooLarge(`${limits.allFieldsBytes} bytes of names and values`);
    fields.set(name, value);
  }
  return [...fields];
}

/**
 * Blanks around a comma are HTTP's own: two headers of one name arrive as one list with ", " between them. A pattern
 * for the blanks at the end would take time with the square of their number.
 */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

/** @throws SluiceError PARAMETER_INVALID for a key that is empty or not of visible ASCII */
function splitPair(pair: string, index: number): { readonly name: string; readonly encoded: string } {
  const space = pair.indexOf(" ");
  const [name, encoded] = space === -1 ? [pair, ""] : [pair.slice(0, space), pair.slice(space + 1)];
  if (/^[\x21-\x7e]+$/.test(name)) return { name, encoded };
  const problem = name === "" ? "is empty" : "has a key with characters other than visible ASCII";
  throw invalidParameter(
    header,
    `Its pair number ${index + 1} ${problem}; send "key base64" with commas between pairs.`,
  );
}

function decode(name: string, encoded: string, limit: number): string {
  const parameter = shortened(name, 64);
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length > limit) throw new SluiceError("PARAMETER_TOO_LARGE", { parameter, limit });
  if (bytes.toString("base64") !== encoded) {
    throw invalidParameter(parameter, `Its value in ${header} is not base64 with padding (RFC 4648 §4).`);
  }
  if (!isUtf8(bytes)) throw invalidParameter(parameter, `Its value in ${header} is not the base64 of valid UTF-8.`);
  return bytes.toString("utf8");
}

function tooLarge(limit: string): SluiceError {
  return new SluiceError("FORM_TOO_LARGE", { limit });
}
