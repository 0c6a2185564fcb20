/**
 * The maximum length of a name, in bytes of UTF-8. The rest of the 255 that file systems take is for the mark that
 * distinguishes equal names.
 */
const maxBytes = 200;

/** Names that Windows reserves. It refuses them alone and before a dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * Makes a name that every usual file system can hold, as one segment of a path. Whatever is stored, the segment names
 * nothing outside its folder. The manifest says what the original name was.
 */
export function safeSegment(name: string): string {
  const visible = name
    .toWellFormed()
    .normalize("NFC")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to go
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"/\\|?*]/g, "_")
    // Windows drops dots and blanks at the end, and a name made of dots alone could lead upwards.
    .replace(/[. ]+$/, (end) => "_".repeat(end.length));
  const segment = visible === "" || reserved.test(visible) ? `_${visible}` : visible;
  return shorten(segment);
}

/** `name~mark.ext`: another name for the same file or folder. */
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

/** Splits off the last extension, unless it is longer than extensions are. */
export function splitExtension(segment: string): { readonly stem: string; readonly extension: string } {
  const dot = segment.lastIndexOf(".");
  const isExtension = dot > 0 && Buffer.byteLength(segment.slice(dot)) <= 20;
  return isExtension
    ? { stem: segment.slice(0, dot), extension: segment.slice(dot) }
    : { stem: segment, extension: "" };
}

/** Gives one text for paths that file systems may take for the same, and for some more. */
export function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase();
}
