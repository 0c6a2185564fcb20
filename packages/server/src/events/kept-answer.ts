/** The bytes of an answer's body, and of its headers, that are kept for people to read. */
export const maxKeptBodyBytes = 2048;
const maxHeaderBytes = 2048;
const maxHeaders = 40;

/** Headers that may hold a secret of the receiver. */
const leftOut: ReadonlySet<string> = new Set(["set-cookie", "set-cookie2", "authorization", "proxy-authorization"]);

/** The beginning of what a receiver has answered. The receiver chooses all of it, so it is shown as text alone. */
export interface KeptAnswer {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Whether the body, or the headers, went on. */
  readonly isCut: boolean;
}

/** @param beginning the body's first bytes, with one byte more than is kept if there is one */
export function keepAnswer(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
  beginning: Buffer,
): KeptAnswer {
  const kept: (readonly [string, string])[] = [];
  let isCut = beginning.length > maxKeptBodyBytes;
  let size = 0;
  for (const [name, given] of Object.entries(headers)) {
    if (leftOut.has(name.toLowerCase())) continue;
    for (const value of Array.isArray(given) ? given : [given]) {
      size += name.length + String(value).length;
      if (size > maxHeaderBytes || kept.length === maxHeaders) isCut = true;
      else kept.push([name.toLowerCase(), printable(String(value))]);
    }
  }
  // In a stream, the decoder leaves out a character that the end has cut.
  const decoded = new TextDecoder().decode(beginning.subarray(0, maxKeptBodyBytes), { stream: isCut });
  return { headers: kept, body: printable(decoded), isCut };
}

/** Text without the control characters that nobody sees, which PostgreSQL or a terminal would take amiss. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return text.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, "\u{fffd}");
}
