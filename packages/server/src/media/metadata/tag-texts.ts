import type { TagValue } from "./read-tags.ts";
import { withoutEnd } from "./without-end.ts";

const userCommentTag = 0x9286;
const processingMethodTag = 0x001b;
const areaInformationTag = 0x001c;
const windowsTags = { first: 0x9c9b, last: 0x9c9f } as const;

/** The text of the tags that Windows writes, which are bytes of UTF-16; undefined for others. */
export function windowsText(tag: number, value: TagValue): string | undefined {
  if (tag < windowsTags.first || tag > windowsTags.last || typeof value !== "object") return undefined;
  return withoutEnd(Buffer.from(value).toString("utf16le"));
}

/** The text of the tags that begin with the name of a character set; undefined for others. */
export function userComment(tag: number, value: TagValue): string | undefined {
  if (tag !== userCommentTag && tag !== processingMethodTag && tag !== areaInformationTag) return undefined;
  if (typeof value !== "string") return undefined;
  const text = value.slice(8);
  const bytes = Buffer.from(text, "latin1");
  // The order of the bytes isn't stated. A text in Latin letters begins with a zero in one order, and not in the other.
  if (value.startsWith("UNICODE\0")) return withoutEnd((bytes[0] === 0 ? swapped(bytes) : bytes).toString("utf16le"));
  if (/^(?:ASCII\0{3}|JIS\0{5}|\0{8})/.test(value)) return withoutEnd(text);
  return withoutEnd(value);
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
