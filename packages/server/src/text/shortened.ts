/** A text of a caller's that a message repeats: what goes beyond `length` characters is cut off. */
export function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
