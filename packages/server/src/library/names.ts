import { storedFileName, storedFolderName, toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import { ParameterProblem } from "../text/parameter.ts";
import { randomDigits } from "../text/random-digits.ts";

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

export const maxFolderDepth = 50;
/** The first path segment of delivery URLs with a name for search engines. */
export const seoSegment = "ik-seo";
/** The largest size of the whole `filePath`, in bytes of UTF-8 (docs/protocol/upload.md §15.16). */
export const maxPathBytes = 1024;

/**
 * Parses a folder's path into `/` or `/a/b`. Repeated slashes collapse, slashes at the ends are optional, and names are
 * spelled as `storedFolderName` spells them (docs/protocol/upload.md §7).
 * @throws SluiceError FOLDER_INVALID
 */
export function parseFolder(text: string): string {
  const segments = toNfc(text).split("/").filter(Boolean);
  if (segments.some((segment) => segment === "." || segment === "..")) {
    throw invalid("A folder must not be called '.' or '..'.");
  }
  if (segments.length > maxFolderDepth) throw invalid(`Folders nest ${maxFolderDepth} levels deep at most.`);
  const names = segments.map(storedFolderName);
  if (names.some((name) => Buffer.byteLength(name) > maxSegmentBytes)) {
    throw invalid(`A folder's name must not exceed ${maxSegmentBytes} bytes in UTF-8.`);
  }
  // A delivery URL that begins with this segment is an alias for another file (docs/protocol/delivery.md §10), so files
  // in such a folder would have no URL.
  if (names[0] === seoSegment) throw invalid(`A folder at the top must not be called '${seoSegment}'.`);
  const path = `/${names.join("/")}`;
  if (Buffer.byteLength(path) > maxPathBytes) throw invalid(`A path must not exceed ${maxPathBytes} bytes in UTF-8.`);
  return path;
}

export function joinPath(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}

function invalid(problem: string): SluiceError {
  return new SluiceError("FOLDER_INVALID", { problem });
}
