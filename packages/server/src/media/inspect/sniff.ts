import { fileTypeFromBuffer } from "file-type";
import { beginsLikeText } from "./text-content.ts";

/** As many of a file's first bytes as make `sniffType` sure; it copes with fewer. */
export const sniffLength = 4100;

export type MediaKind = "image" | "video" | "audio" | "text" | "other";

export interface SniffedType {
  /** Lower case, without parameters; `text/plain` for every text, `application/octet-stream` for the unknown. */
  readonly mime: string;
  readonly kind: MediaKind;
}

const text: SniffedType = { mime: "text/plain", kind: "text" };
const unknown: SniffedType = { mime: "application/octet-stream", kind: "other" };

/** One name for what the library calls by several, and the name that browsers know. */
const preferredNames: Readonly<Record<string, string>> = {
  "image/apng": "image/png",
  "video/mp1s": "video/mpeg",
  "video/mp2p": "video/mpeg",
};

/** Media whose name doesn't say so. */
const kindsByName: Readonly<Record<string, MediaKind>> = {
  "application/mxf": "video",
  "application/vnd.ms-asf": "video",
  "application/vnd.rn-realmedia": "video",
  "image/mj2": "video",
};

/** Formats whose directory may lie at the end of the file, where the library looks for it and where a head has nothing. */
const headlessFormats: readonly { readonly magic: string; readonly mime: string }[] = [
  { magic: "II*\0", mime: "image/tiff" },
  { magic: "MM\0*", mime: "image/tiff" },
  { magic: "II+\0", mime: "image/tiff" },
  { magic: "MM\0+", mime: "image/tiff" },
  { magic: "\x89PNG\r\n\x1a\n", mime: "image/png" },
];

/**
 * The type that a file's first bytes announce (docs/protocol/upload.md §6, §15.17); never throws, whatever the bytes.
 * It chooses the size limit while the file streams in: `kind` is "video" for what the video limit covers (§14).
 * Text is looked for before magic numbers: several are plain letters ("BM", "MZ", "ID3"), and a letter may begin with
 * them.
 */
export async function sniffType(head: Uint8Array): Promise<SniffedType> {
  const bytes = head.subarray(0, sniffLength);
  if (bytes.length === 0) {
    return unknown;
  }
  // A PDF may consist of text alone, and is one all the same.
  if (beginsWith(bytes, "%PDF-")) {
    return { mime: "application/pdf", kind: "other" };
  }
  return beginsLikeText(bytes) ? text : await sniffBinary(head);
}

/** The type by magic number of bytes that are known to be no text. */
export async function sniffBinary(head: Uint8Array): Promise<SniffedType> {
  const picture = commonPicture(head);
  if (picture !== undefined) return { mime: picture, kind: "image" };
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  const named = found?.mime.split(";", 1)[0]?.toLowerCase() ?? headlessMime(head);
  if (named === undefined || isTextName(named)) {
    return unknown;
  }
  const mime = preferredNames[named] ?? named;
  return { mime, kind: kindOf(mime) };
}

/** What nearly every upload is, told by its first bytes as the library would, which looks through all its formats for it. */
function commonPicture(head: Uint8Array): string | undefined {
  if (beginsWith(head, "\xff\xd8\xff") && head[3] !== jpegLsMarker) return "image/jpeg";
  if (beginsWith(head, "GIF8")) return "image/gif";
  return beginsWith(head, "RIFF") && beginsWith(head.subarray(8), "WEBP") ? "image/webp" : undefined;
}

/** What sets JPEG-LS apart, which shares the beginning. */
const jpegLsMarker = 0xf7;

/** Whether the video limit covers this type. */
export function isVideo(mime: string): boolean {
  return kindOf(mime) === "video";
}

function kindOf(mime: string): MediaKind {
  const byName = kindsByName[mime];
  if (byName !== undefined) return byName;
  const type = mime.split("/", 1)[0];
  return type === "image" || type === "video" || type === "audio" ? type : "other";
}

/** A binary file with the beginning of a text must not get a text's type, least of all one that browsers run. */
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
