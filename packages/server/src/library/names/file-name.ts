import { toNfc } from "@sluice/grammar";
import { randomDigits } from "../../text/random-digits.ts";
import { ParameterProblem } from "../parameters/parameter.ts";

/** Of a path segment, in UTF-8 (docs/protocol/upload.md §15.16). */
export const maxSegmentBytes = 255;

/**
 * The name under which a file is stored: NFC, and every character but letters, marks, numbers, `.`, `_` and `-`
 * becomes `_` (docs/protocol/upload.md §7, §15.16).
 */
export function parseFileName(text: string): string {
  const normalised = toNfc(text);
  if (normalised === "." || normalised === "..") {
    throw new ParameterProblem("The fileName must not be '.' or '..'.");
  }
  const name = normalised.replaceAll(/[^\p{L}\p{M}\p{N}._-]/gu, "_");
  if (Buffer.byteLength(name) > maxSegmentBytes) {
    throw new ParameterProblem(`The fileName must not exceed ${maxSegmentBytes} bytes in UTF-8.`);
  }
  return name;
}

/** Bytes that `uniqueName` adds. */
export const uniqueSuffixBytes = 10;

/** `<stem>_<nine random characters><ext>`, with the suffix before the last extension (docs/protocol/upload.md §7). */
export function uniqueName(name: string): string {
  const suffix = `_${randomSuffix()}`;
  const dot = name.lastIndexOf(".");
  // What leaves no room for a stem is no extension that anybody has need of.
  const hasExtension = dot > 0 && Buffer.byteLength(name.slice(dot)) < maxSegmentBytes - uniqueSuffixBytes;
  const [stem, extension] = hasExtension ? [name.slice(0, dot), name.slice(dot)] : [name, ""];
  return `${shorten(stem, maxSegmentBytes - Buffer.byteLength(suffix + extension))}${suffix}${extension}`;
}

function randomSuffix(): string {
  // 56 random bits give nine characters of base64url and a tenth that is not like the others.
  return Buffer.from(randomDigits().slice(0, 14), "hex").toString("base64url").slice(0, 9);
}

/** Cuts whole code points off the end until the rest fits. */
function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  const points = [...text];
  while (points.length > 0 && Buffer.byteLength(points.join("")) > bytes) points.pop();
  return points.join("");
}
