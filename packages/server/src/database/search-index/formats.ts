import type { Format } from "@sluice/grammar";
import type { VersionSource } from "./sources.ts";

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

/** Formats that a file's name tells. The others are known by their bytes, so a name says nothing of them. */
const toldByName: ReadonlySet<string> = new Set(["js", "css", "txt", "ts", "m3u8", "eot", "swf"] satisfies Format[]);

/** The format of a file, as searches name it. @returns null for one that they have no name for */
export function formatOf({ mime, kind, name }: Pick<VersionSource, "mime" | "kind" | "name">): Format | null {
  const byType = formatOfMime[mime.split(";", 1)[0]?.trim().toLowerCase() ?? ""];
  if (byType !== undefined) return byType;
  if (kind === "picture") return null;
  const extension = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return toldByName.has(extension) && name.includes(".") ? (extension as Format) : null;
}
