const maxLength = 40;

/** Cuts a caller's text and reduces it to visible ASCII, so that it fits into a header and a log line. */
export function excerpt(text: string): string {
  const visible = text.slice(0, maxLength).replaceAll(/[^\x20-\x7e]/g, "?");
  return text.length > maxLength ? `${visible}...` : visible;
}
