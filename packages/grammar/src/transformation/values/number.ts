/** Larger than any valid dimension, and small enough to be printed without an exponent. */
const maxNumber = 1e9;
const decimals = 6;

/** Parses a decimal without a sign, with up to six decimals. */
export function parseDecimal(text: string): number | undefined {
  // Each text matches in one way only. Two adjacent runs of digits would be tried at every place between them.
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return undefined;
  return Math.min(round(Number(text), decimals), maxNumber);
}

/**
 * Parses like `parseDecimal`, negative with `N` in front. `-` means the same: SDKs send it when they are given a
 * negative number.
 */
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
  // Turns minus zero into zero: it isn't a value of its own.
  return Math.round(value * factor) / factor + 0;
}

export interface Range {
  readonly min: number;
  readonly max: number;
  /** Number of decimals; none for whole numbers. */
  readonly digits?: number;
}

/** A number out of range counts as the nearest number in range (docs/protocol/transformations.md §9). */
export function clamp(value: number, { min, max, digits = 0 }: Range): number {
  return Math.min(Math.max(round(value, digits), min), max);
}

export function parseInRange(text: string, range: Range): number | undefined {
  const value = parseSigned(text);
  return value === undefined ? undefined : clamp(value, range);
}
