/** The formats that a search can ask for (docs/protocol/media-api.md §4.1). */
export const formats = [
  "jpg",
  "webp",
  "png",
  "gif",
  "svg",
  "avif",
  "pdf",
  "js",
  "woff2",
  "woff",
  "ttf",
  "otf",
  "eot",
  "css",
  "txt",
  "mp4",
  "webm",
  "mov",
  "swf",
  "ts",
  "m3u8",
  "ico",
] as const;

export type Format = (typeof formats)[number];
