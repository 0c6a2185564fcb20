/** A value as it stands in an expression. */
export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

const number = /^-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** Whether the text may stand without quotes. `1mb` may not (docs/protocol/upload.md §10). */
export function canBeBare(text: string): boolean {
  return number.test(text) || /^[a-z_][\w./+*-]*$/i.test(text);
}

export function readText({ text }: Literal): string {
  return text;
}

export function readBoolean({ text }: Literal): boolean | undefined {
  return text === "true" ? true : text === "false" ? false : undefined;
}

export function readNumber({ text }: Literal): number | undefined {
  if (!number.test(text)) return undefined;
  // Turns minus zero into zero: it isn't a value of its own.
  const value = Number(text) + 0;
  return Number.isFinite(value) ? value : undefined;
}

const units: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3, tb: 1024 ** 4 };

/** Reads a size in bytes. A kilobyte is 1,024 bytes (docs/protocol/upload.md §15). */
export function readSize(literal: Literal): number | undefined {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s?([kmgt]?b)$/i.exec(literal.text) ?? [];
  const bytes = readNumber(amount === "" ? literal : { ...literal, text: amount });
  return bytes === undefined ? undefined : bytes * (units[unit.toLowerCase()] ?? 1);
}

const date = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(\.\d{1,9})?Z?)?$/;

/**
 * Reads a date, or a date and time, in UTC as Unix milliseconds. Returns undefined for a day that its month doesn't
 * have.
 */
export function readDate({ text }: Literal): number | undefined {
  const [, day, time = "00:00:00", fraction = ""] = date.exec(text) ?? [];
  if (day === undefined) return undefined;
  const milliseconds = Date.parse(`${day}T${time}${fraction}Z`);
  if (Number.isNaN(milliseconds)) return undefined;
  // The JavaScript engine reads the 30th of February as the second of March.
  return new Date(milliseconds).toISOString().startsWith(`${day}T${time}`) ? milliseconds : undefined;
}

/** Reads one of a field's own options. Options are texts, numbers or booleans. */
export function readChoice(literal: Literal): string | number | boolean {
  if (literal.quoted) return literal.text;
  return readBoolean(literal) ?? readNumber(literal) ?? literal.text;
}
