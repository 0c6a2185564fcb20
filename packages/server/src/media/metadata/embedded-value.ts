/** The value of one property of a file's embedded metadata, as the media API shows it. */
export type EmbeddedValue = string | number | boolean | readonly (string | number | boolean)[];
export type EmbeddedEntry = readonly [name: string, value: EmbeddedValue];

/** Rounds to eight decimals. The further digits of an endless ratio say nothing more. */
export function rounded(value: number): number {
  return Math.round(value * 1e8) / 1e8;
}

/** Removes the zeros and spaces at the end of a text. A pattern would search for the end from each of them in turn. */
export function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const blank = /[\0\s]/;
