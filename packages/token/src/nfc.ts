/** A name of this many combining marks in a row is longer than any name may be, whatever it is composed to. */
const maxMarks = 128;

/**
 * Unicode's normalisation form C, as the server makes it. The engine puts a row of combining marks in order by insertion,
 * so that the 64 KiB of a token request take seconds. A text with such a row stays as it is.
 */
export function toNfc(text: string): string {
  const rows = text.match(/\p{M}+/gu) ?? [];
  return rows.some((row) => row.length > maxMarks) ? text : text.normalize("NFC");
}
