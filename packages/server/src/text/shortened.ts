/** Shortens a caller's text that a message repeats: everything beyond `length` characters is cut off. */
export function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
