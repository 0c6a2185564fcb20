import type { Spread } from "./statistics.ts";

export const mib = 1024 * 1024;

export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** The median, followed by the middle half in parentheses. */
export function withSpread(spread: Spread, format: (value: number) => string): string {
  const [median, low, high] = [spread.median, spread.low, spread.high].map(format);
  return low === high ? `${median}` : `${median} (${low} to ${high})`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

export function milliseconds(seconds: number): string {
  const value = seconds * 1000;
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / mib).toFixed(0)} MiB`;
}
