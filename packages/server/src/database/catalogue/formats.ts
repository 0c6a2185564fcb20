import { type Format, formats } from "@sluice/grammar";

/** Formats by the type that was found in the bytes. Types that several formats share go by the file's name. */
const formatOfMime: Readonly<Record<string, Format>> = {
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "image/png": "png",
  "image/gif": "gif",
  "image/svg+xml": "svg",
  "image/avif": "avif",
  "image/x-icon": "ico",
  "image/vnd.microsoft.icon": "ico",
  "application/pdf": "pdf",
  "text/css": "css",
  "text/javascript": "js",
  "application/javascript": "js",
  "font/woff": "woff",
  "font/woff2": "woff2",
  "font/ttf": "ttf",
  "font/otf": "otf",
  "application/vnd.ms-fontobject": "eot",
  "video/mp4": "mp4",
  "video/webm": "webm",
  "video/quicktime": "mov",
  "application/x-shockwave-flash": "swf",
  "video/mp2t": "ts",
  "application/vnd.apple.mpegurl": "m3u8",
  "application/x-mpegurl": "m3u8",
};

const known: ReadonlySet<string> = new Set(formats);

/** The format of a file, as searches name it. @returns null for one that they have no name for */
export function formatOf(mime: string, name: string): Format | null {
  const byType = formatOfMime[mime.split(";", 1)[0]?.trim().toLowerCase() ?? ""];
  if (byType !== undefined) return byType;
  // Pictures are known by their bytes, so a name says nothing of them.
  if (mime.startsWith("image/")) return null;
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return known.has(extension) && name.includes(".") ? (extension as Format) : null;
}
