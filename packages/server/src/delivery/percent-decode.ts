const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes a part of a request target once. A `%` without two hex digits stands for itself (spec/delivery.md §1.3).
 * @param raw ASCII: Node refuses a target that holds anything else
 * @returns undefined when the bytes aren't UTF-8, overlong spellings of `/` and `.` among them
 */
export function percentDecode(raw: string): string | undefined {
  const bytes = raw.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  try {
    return utf8.decode(Buffer.from(bytes, "latin1"));
  } catch {
    return undefined;
  }
}
