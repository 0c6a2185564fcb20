import { isUtf8 } from "node:buffer";
import { SluiceError } from "@sluice/protocol";
import { parseHeaderValue } from "./header-value.ts";
import type { Part } from "./multipart-reader.ts";
import type { PartHeaders } from "./part-headers.ts";

// The second label is WHATWG's for the same encoding, and some clients write it.
const utf8Labels = new Set(["utf-8", "utf8"]);

/**
 * Reads the text of a part, byte for byte: a byte order mark stays (docs/protocol/upload.md §3, §15.18). `limit` is in
 * bytes.
 *
 * @throws SluiceError PARAMETER_TOO_LARGE as soon as the limit is passed, PARAMETER_INVALID for anything but UTF-8;
 * and what the part's body throws.
 */
export async function readTextValue(part: Part, limit: number): Promise<string> {
  requireUtf8(part);
  const { body } = part;
  const chunks: Buffer[] = [];
  for (let chunk = body.read(); chunk !== null; chunk = body.read()) {
    if (body.bytesRead > limit) throw new SluiceError("PARAMETER_TOO_LARGE", { parameter: part.name, limit });
    if (chunk === undefined) await body.fill();
    else chunks.push(chunk);
  }
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  if (!isUtf8(bytes)) throw invalid(part.name, "Its value is not valid UTF-8.");
  return bytes.toString("utf8");
}

/** Refuses a part that declares a charset other than UTF-8, or a Content-Type that is malformed and could hide one. */
export function requireUtf8({ name, contentType }: PartHeaders): void {
  if (contentType === undefined) return;
  const header = parseHeaderValue(contentType);
  if (header === undefined) throw invalid(name, "The Content-Type header of its part is malformed.");
  const charset = header.parameters.get("charset");
  if (charset !== undefined && !utf8Labels.has(charset.toLowerCase())) {
    throw invalid(name, `Send text as UTF-8; its part declares the charset "${charset}".`);
  }
}

function invalid(parameter: string, problem: string): SluiceError {
  return new SluiceError("PARAMETER_INVALID", { parameter, problem });
}
