import { storedFolderName, toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import { maxSegmentBytes } from "./file-name.ts";

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
