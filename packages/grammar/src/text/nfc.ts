/** A name of this many combining marks in a row is longer than any name may be, whatever it is composed to. */
const maxMarks = 128;

/**
 * Unicode's normalisation form C, in which names are stored and compared. The engine puts a row of combining marks in order
 * by insertion, so that 64 KiB of them take seconds. A text with such a row stays as it is.
 */
export function toNfc(text: string): string {
  const rows = text.match(/\p{M}+/gu) ?? [];
  return rows.some((row) => row.length > maxMarks) ? text : text.normalize("NFC");
}
