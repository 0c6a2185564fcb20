/**
 * The first path segments that belong to the server itself (docs/architecture.md §4). Any other first segment may be an
 * account's delivery URLs.
 */
export const reservedSegments: ReadonlySet<string> = new Set([
  "v1",
  "api",
  "console",
  "health",
  "metrics",
  "docs",
  "openapi.json",
  "robots.txt",
  "_sluice",
]);

/** Whether the text can be an account's id in URLs. */
export function isImagekitId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text) && !reservedSegments.has(text);
}
