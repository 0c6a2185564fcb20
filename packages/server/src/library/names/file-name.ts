import { storedFileName, toNfc } from "@sluice/grammar";
import { ParameterProblem } from "../../text/parameter.ts";
import { randomDigits } from "../../text/random-digits.ts";

/** The largest size of a path segment, in bytes of UTF-8 (docs/protocol/upload.md §15.16). */
export const maxSegmentBytes = 255;

/** Returns the name under which a file is stored, as `storedFileName` spells it. */
export function parseFileName(text: string): string {
  const normalised = toNfc(text);
  if (normalised === "." || normalised === "..") {
    throw new ParameterProblem("The fileName must not be '.' or '..'.");
  }
  const name = storedFileName(normalised);
  if (Buffer.byteLength(name) > maxSegmentBytes) {
    throw new ParameterProblem(`The fileName must not exceed ${maxSegmentBytes} bytes in UTF-8.`);
  }
  return name;
}

/** The number of bytes that `uniqueName` adds. */
export const uniqueSuffixBytes = 10;

/**
 * Makes a name unique: `<stem>_<nine random characters><ext>`, with the suffix before the last extension
 * (docs/protocol/upload.md §7).
 */
export function uniqueName(name: string): string {
  const suffix = `_${randomSuffix()}`;
  const dot = name.lastIndexOf(".");
  // An ending that leaves no room for a stem isn't treated as an extension: nobody needs one that long.
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) < maxSegmentBytes - uniqueSuffixBytes;
  const [stem, extension] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${shorten(stem, maxSegmentBytes - Buffer.byteLength(suffix + extension))}${suffix}${extension}`;
}

function randomSuffix(): string {
  // 56 random bits give nine full characters of base64url, and a tenth that holds fewer random bits and is cut off.
  return Buffer.from(randomDigits().slice(0, 14), "hex").toString("base64url").slice(0, 9);
}

/** Cuts whole code points off the end until the rest fits. */
function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const points = [...text];
  while (points.length > 0 && Buffer.byteLength(points.join("")) > bytes) points.pop();
  return points.join("");
}
