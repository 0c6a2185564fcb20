const pattern = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Parses an ISO 8601 date (`2026-11-24`), or date and time (`2026-11-24T22:30:00+01:00`). Without a zone it is UTC.
 * @returns Unix milliseconds; undefined for anything else, including a day that its month doesn't have
 */
export function parseIsoDate(text: string): number | undefined {
  const [, date, zone] = pattern.exec(text) ?? [];
  if (date === undefined) return undefined;
  const day = Date.parse(date);
  // The engine reads February 30 as a day in March.
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return undefined;
  // The engine reads a date alone as UTC, but a date and time without a zone as local time.
  const value = Date.parse(text === date || zone !== undefined ? text : `${text}Z`);
  return Number.isNaN(value) ? undefined : value;
}
