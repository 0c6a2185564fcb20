/** A name with this many combining marks in a row is longer than any name may be, whatever the marks compose to. */
const maxMarks = 128;

/**
 * Converts a text to Unicode normalisation form C, in which names are stored and compared. The engine sorts a run of
 * combining marks by insertion, so 64 KiB of them would take seconds. A text with such a run is therefore returned
 * unchanged.
 */
export function toNfc(text: string): string {
  const rows = text.match(/\p{M}+/gu) ?? [];
  return rows.some((row) => row.length > maxMarks) ? text : text.normalize("NFC");
}
