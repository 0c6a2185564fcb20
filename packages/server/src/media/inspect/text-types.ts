/** The type of every text whose name says no more. A binary file never has it. */
export const plainText = "text/plain";

/**
 * The type of a text by its extension (docs/protocol/upload.md §15.17). A text with any other extension is plain text.
 */
const textTypes: Readonly<Record<string, string>> = {
  ".atom": "application/atom+xml",
  ".cjs": "text/javascript",
  ".css": "text/css",
  ".csv": "text/csv",
  ".dfxp": "application/ttml+xml",
  ".eps": "application/postscript",
  ".geojson": "application/geo+json",
  ".gltf": "model/gltf+json",
  ".gpx": "application/gpx+xml",
  ".htm": "text/html",
  ".html": "text/html",
  ".ics": "text/calendar",
  ".js": "text/javascript",
  ".json": "application/json",
  ".jsonld": "application/ld+json",
  ".jsonl": "application/jsonl",
  ".kml": "application/vnd.google-earth.kml+xml",
  ".m3u": "application/vnd.apple.mpegurl",
  ".m3u8": "application/vnd.apple.mpegurl",
  ".map": "application/json",
  ".markdown": "text/markdown",
  ".md": "text/markdown",
  ".mjs": "text/javascript",
  ".mpd": "application/dash+xml",
  ".ndjson": "application/x-ndjson",
  ".ps": "application/postscript",
  ".rss": "application/rss+xml",
  ".rtf": "application/rtf",
  ".srt": "application/x-subrip",
  ".svg": "image/svg+xml",
  ".toml": "application/toml",
  ".tsv": "text/tab-separated-values",
  ".ttml": "application/ttml+xml",
  ".vcf": "text/vcard",
  ".vtt": "text/vtt",
  ".webmanifest": "application/manifest+json",
  ".xht": "application/xhtml+xml",
  ".xhtml": "application/xhtml+xml",
  ".xml": "application/xml",
  ".xsl": "application/xslt+xml",
  ".xslt": "application/xslt+xml",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
};

/** The type of a text by its extension, in lower case and with the dot; "" for a name without an extension. */
export function textTypeOf(extension: string): string {
  return textTypes[extension] ?? plainText;
}
