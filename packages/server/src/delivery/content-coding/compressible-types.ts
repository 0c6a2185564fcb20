/**
 * The compressible types besides `text/…` and the dialects of JSON and XML. Such files are text, or are known to
 * contain much text (docs/protocol/delivery.md §9.1).
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

/**
 * Whether compression may make a file of this type much smaller. The type may have parameters. Pictures, archives and
 * films don't become smaller.
 */
export function isCompressible(mime: string): boolean {
  const essence = mime.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return essence.startsWith("text/") || /\+(json|xml)$/.test(essence) || compressibleTypes.has(essence);
}
