import { ConfigError } from "../config/config-error.ts";

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** Parses a length of time such as 30m, 24h or 3d, or 0. @returns milliseconds @throws ConfigError */
export function parseSpan(flag: string, text: string): number {
  const span = spanOf(text);
  if (span === undefined) throw new ConfigError(`${flag} must be 0 or a length of time such as 30m, 24h or 3d`);
  return span;
}

/** Parses a time, or how long ago it was. @returns Unix milliseconds @throws ConfigError */
export function parseTime(flag: string, text: string, now: number): number {
  const span = spanOf(text);
  const time = span === undefined ? Date.parse(text) : now - span;
  if (/^\d{4}-\d\d-\d\d/.test(text) === (span !== undefined) || Number.isNaN(time)) {
    throw new ConfigError(`${flag} must be a time such as 2026-05-01T10:00Z, or how long ago, such as 30m, 24h or 3d`);
  }
  return time;
}

function spanOf(text: string): number | undefined {
  if (text === "0") return 0;
  const match = /^(\d{1,6})([mhd])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (units[match[2] ?? ""] ?? 0);
}
