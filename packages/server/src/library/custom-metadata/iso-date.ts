const pattern = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/**
 * Unix milliseconds of an ISO 8601 date, `2026-11-24`, or date and time, `2026-11-24T22:30:00+01:00`: UTC where it names
 * no zone. Undefined for anything else, a day that no month has among it.
 */
export function parseIsoDate(text: string): number | undefined {
  const [, date, zone] = pattern.exec(text) ?? [];
  if (date === undefined) return undefined;
  const day = Date.parse(date);
  // The engine takes the 30th of February for a day in March.
  if (Number.isNaN(day) || !new Date(day).toISOString().startsWith(date)) return undefined;
  // Of a date alone it says itself that it is in UTC, of a date and time that they are local.
  const value = Date.parse(text === date || zone !== undefined ? text : `${text}Z`);
  return Number.isNaN(value) ? undefined : value;
}
