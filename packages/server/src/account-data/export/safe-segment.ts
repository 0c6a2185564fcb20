/** Bytes that a name may have in UTF-8; the rest of the 255 that file systems take is for what tells equal names apart. */
const maxBytes = 200;

/** Of Windows, which takes neither these names nor any that begins so before a dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * A name that every usual file system can hold, as one segment of a path: whatever is stored, it names nothing outside
 * of its folder. The manifest says what it was called.
 */
export function safeSegment(name: string): string {
  const visible = name
    .toWellFormed()
    .normalize("NFC")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to go
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g, "_")
    // Windows drops dots and blanks at the end, and of dots alone a name could lead upwards.
    .replace(/[. ]+$/, (end) => "_".repeat(end.length));
  const segment = visible === "" || reserved.test(visible) ? `_${visible}` : visible;
  return shorten(segment);
}

/** `name~mark.ext`: another name for the same. */
export function markedSegment(segment: string, mark: string): string {
  const { stem, extension } = splitExtension(segment);
  return `${stem}~${mark}${extension}`;
}

function shorten(segment: string): string {
  if (Buffer.byteLength(segment) <= maxBytes) return segment;
  const { stem, extension } = splitExtension(segment);
  let [kept, room] = ["", maxBytes - Buffer.byteLength(extension)];
  for (const point of stem) {
    room -= Buffer.byteLength(point);
    if (room < 0) break;
    kept += point;
  }
  return kept + extension;
}

/** The last extension, unless it is longer than an extension is. */
export function splitExtension(segment: string): { readonly stem: string; readonly extension: string } {
  const dot = segment.lastIndexOf(".");
  const isExtension = dot > 0 && Buffer.byteLength(segment.slice(dot)) <= 20;
  return isExtension
    ? { stem: segment.slice(0, dot), extension: segment.slice(dot) }
    : { stem: segment, extension: "" };
}
