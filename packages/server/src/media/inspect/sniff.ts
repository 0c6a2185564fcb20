import { fileTypeFromBuffer } from "file-type";
import { kindOf, type MediaKind } from "./media-kind.ts";
import { beginsLikeText } from "./text-content.ts";
import { plainText } from "./text-types.ts";

/** The number of a file's first bytes that `sniffType` needs to be sure. It copes with fewer. */
export const sniffLength = 4100;

export interface SniffedType {
  /** Lower case, without parameters; `plainText` for every text, `application/octet-stream` for the unknown. */
  readonly mime: string;
  readonly kind: MediaKind;
}

const unknown = "application/octet-stream";

/** Renames types for which the library has several names, or a name that browsers don't know. */
const preferredNames: Readonly<Record<string, string>> = {
  "image/apng": "image/png",
  "video/mp1s": "video/mpeg",
  "video/mp2p": "video/mpeg",
};

/**
 * Formats whose directory may lie at the end of the file. The library looks for it there, but a head doesn't reach that
 * far.
 */
const headlessFormats: readonly { readonly magic: string; readonly mime: string }[] = [
  { magic: "II*\0", mime: "image/tiff" },
  { magic: "MM\0*", mime: "image/tiff" },
  { magic: "II+\0", mime: "image/tiff" },
  { magic: "MM\0+", mime: "image/tiff" },
  { magic: "\x89PNG\r\n\x1a\n", mime: "image/png" },
];

/**
 * Finds the type that a file's first bytes announce (docs/protocol/upload.md §6, §15.17). It never throws, whatever the
 * bytes. The type chooses the size limit while the file streams in: `kind` is "video" for the types that the video
 * limit covers (§14). Text is looked for before magic numbers. Several magic numbers are plain letters ("BM", "MZ",
 * "ID3"), and a letter that somebody wrote may begin with them.
 */
export async function sniffType(head: Uint8Array): Promise<SniffedType> {
  const bytes = head.subarray(0, sniffLength);
  if (bytes.length === 0) return typed(unknown);
  // A PDF may consist of text alone, but it is still a PDF.
  if (beginsWith(bytes, "%PDF-")) return typed("application/pdf");
  return beginsLikeText(bytes) ? typed(plainText) : await sniffBinary(head);
}

/** Finds the type of bytes that are known not to be text, by their magic number. */
export async function sniffBinary(head: Uint8Array): Promise<SniffedType> {
  const picture = commonPicture(head);
  if (picture !== undefined) return typed(picture);
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const named = found?.mime.split(";", 1)[0]?.toLowerCase() ?? headlessMime(head);
  if (named === undefined || isTextName(named)) return typed(unknown);
  return typed(preferredNames[named] ?? named);
}

/**
 * Recognises the formats of nearly all uploads by their first bytes. The answer is the library's, but the library would
 * look through all of its formats for it.
 */
function commonPicture(head: Uint8Array): string | undefined {
  if (beginsWith(head, "\xff\xd8\xff") && head[3] !== jpegLsMarker) return "image/jpeg";
  if (beginsWith(head, "GIF8")) return "image/gif";
  return beginsWith(head, "RIFF") && beginsWith(head.subarray(8), "WEBP") ? "image/webp" : undefined;
}

/** The byte that sets JPEG-LS apart from JPEG. Both begin with the same bytes. */
const jpegLsMarker = 0xf7;

function typed(mime: string): SniffedType {
  return { mime, kind: kindOf(mime) };
}

/** A binary file that begins like a text must not get the type of a text, least of all one that browsers run. */
function isTextName(mime: string): boolean {
  return mime.startsWith("text/") || mime === "application/xml" || mime.endsWith("+xml");
}

function headlessMime(head: Uint8Array): string | undefined {
  return headlessFormats.find(({ magic }) => beginsWith(head, magic))?.mime;
}

function beginsWith(bytes: Uint8Array, magic: string): boolean {
  if (bytes.length < magic.length) return false;
  for (let index = 0; index < magic.length; index++) {
    if (bytes[index] !== magic.charCodeAt(index)) return false;
  }
  return true;
}
