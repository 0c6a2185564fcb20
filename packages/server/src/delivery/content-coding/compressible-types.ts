/**
 * Besides `text/…`, JSON's and XML's dialects: what is text, and what is known to hold much of it
 * (docs/protocol/delivery.md §9.1).
 */
const compressibleTypes: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/javascript",
  "application/json",
  "application/jsonl",
  "application/pdf",
  "application/postscript",
  "application/rtf",
  "application/toml",
  "application/vnd.apple.mpegurl",
  "application/x-javascript",
  "application/x-mpegurl",
  "application/x-ndjson",
  "application/x-subrip",
  "application/xml",
  "application/yaml",
  "video/mp2t",
]);

/** Whether a file of this type, with or without parameters, may become much smaller. Pictures, archives and films don't. */
export function isCompressible(mime: string): boolean {
  const essence = mime.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return essence.startsWith("text/") || /\+(json|xml)$/.test(essence) || compressibleTypes.has(essence);
}
