/** Removes the zeros and spaces at the end of a text. A pattern would search for the end from each of them in turn. */
export function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && blank.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const blank = /[\0\s]/;
