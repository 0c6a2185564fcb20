/** Beyond what any dimension may be, and small enough to be written without an exponent. */
const largest = 1e9;
const decimals = 6;

/** A decimal without a sign, to six digits behind the point. */
export function parseDecimal(text: string): number | undefined {
  // One way to match each text: two adjacent runs of digits would be tried at every place between them.
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return undefined;
  return Math.min(round(Number(text), decimals), largest);
}

/** As parseDecimal, negative with `N` before it; `-` means the same, as SDKs send it when they are given a negative number. */
export function parseSigned(text: string): number | undefined {
  const negative = /^[N-]/.test(text);
  const magnitude = parseDecimal(negative ? text.slice(1) : text);
  // Zero has no sign here.
  return magnitude === undefined || !negative || magnitude === 0 ? magnitude : -magnitude;
}

export function printNumber(value: number): string {
  return value < 0 ? `N${-value}` : String(value);
}

export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  // Minus zero isn't a value of its own.
  return Math.round(value * factor) / factor + 0;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  /** Digits behind the point; none for whole numbers. */
  readonly digits?: number;
}

/** Numbers out of range count as the nearest that is in it (docs/protocol/transformations.md §9). */
export function clamp(value: number, { min, max, digits = 0 }: Range): number {
  return Math.min(Math.max(round(value, digits), min), max);
}

export function parseInRange(text: string, range: Range): number | undefined {
  const value = parseSigned(text);
  return value === undefined ? undefined : clamp(value, range);
}
