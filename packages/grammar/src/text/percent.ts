/**
 * Percent-decodes, once, a part of a request target or a value inside that part. A `%` without two hex digits stands
 * for itself (docs/protocol/delivery.md §1.3).
 * @returns undefined when the bytes aren't UTF-8; overlong spellings of `/` and `.` aren't UTF-8 either
 */
export function percentDecode(text: string): string | undefined {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text.replace(/%(?![0-9a-f]{2})/gi, "%25"));
  } catch {
    return undefined;
  }
}

/** Encodes every delimiter of a transformation or a URL, except the `@` that stands for slashes. */
export function percentEncode(wellFormed: string): string {
  return encodeURIComponent(wellFormed).replaceAll("%40", "@");
}
