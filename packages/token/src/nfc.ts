/** A name with this many combining marks in a row is longer than any name may be, whatever the marks compose to. */
const maxMarks = 128;

/**
 * Converts a text to Unicode normalisation form C, as the server does. The engine sorts a run of combining marks by
 * insertion, so the 64 KiB of a token request would take seconds. A text with such a run is therefore returned
 * unchanged.
 */
export function toNfc(text: string): string {
  const rows = text.match(/\p{M}+/gu) ?? [];
  return rows.some((row) => row.length > maxMarks) ? text : text.normalize("NFC");
}
