import type { Literal } from "../../expressions/literals.ts";
import type { Span } from "../search-query.ts";

/** A span with both ends. */
export interface WrittenSpan {
  readonly from: number;
  readonly before: number;
}

const day = /^(\d{4}-\d\d-\d\d)$/;
const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?(\.\d{1,9})?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const dayLength = 24 * hour;

/**
 * Reads a date, or a date and time in UTC unless it names a zone, as the span that it means: its day, minute, second or
 * millisecond. Returns undefined for a day that its month doesn't have.
 */
export function readSpan({ text }: Literal): WrittenSpan | undefined {
  const [, date] = day.exec(text) ?? [];
  if (date !== undefined) return span(parse(date, "00:00", ":00", "Z"), dayLength);
  const [, onDay, clock = "", seconds, fraction, zone = "Z"] = time.exec(text) ?? [];
  if (onDay === undefined || (seconds === undefined && fraction !== undefined)) return undefined;
  const length = seconds === undefined ? minute : fraction === undefined ? second : 1;
  return span(parse(onDay, clock, `${seconds ?? ":00"}${fraction ?? ""}`, zone), length);
}

function span(from: number | undefined, length: number): WrittenSpan | undefined {
  return from === undefined ? undefined : { from, before: from + length };
}

function parse(date: string, clock: string, seconds: string, zone: string): number | undefined {
  const inUtc = Date.parse(`${date}T${clock}${seconds}Z`);
  if (Number.isNaN(inUtc)) return undefined;
  // The JavaScript engine reads the 30th of February as the second of March, and 24:00 as the next day.
  if (!new Date(inUtc).toISOString().startsWith(`${date}T${clock}`)) return undefined;
  const milliseconds = Date.parse(`${date}T${clock}${seconds}${zone}`);
  return canBeWritten(milliseconds) ? milliseconds : undefined;
}

const age = /^(\d{1,6})([hdwmy])$/i;

/** Reads an age, such as `7d`, as the millisecond that lies so far back. Months and years are those of the calendar. */
export function readAge({ text }: Literal, now: number): WrittenSpan | undefined {
  const [, digits, unit = ""] = age.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const from = goBack(now, Number(digits), unit.toLowerCase());
  return canBeWritten(from) ? { from, before: from + 1 } : undefined;
}

/** The first and the last millisecond of years with four digits. */
const earliest = Date.parse("0000-01-01T00:00:00Z");
const latest = Date.parse("9999-12-31T23:59:59.999Z");

function canBeWritten(milliseconds: number): boolean {
  return milliseconds >= earliest && milliseconds <= latest;
}

function goBack(now: number, count: number, unit: string): number {
  if (unit === "m") return monthsBack(now, count);
  if (unit === "y") return monthsBack(now, 12 * count);
  return now - count * (unit === "h" ? hour : unit === "d" ? dayLength : 7 * dayLength);
}

/** One month before the 31st of March is the last day of February. */
function monthsBack(now: number, count: number): number {
  const then = new Date(now);
  const ofMonth = then.getUTCDate();
  then.setUTCDate(1);
  then.setUTCMonth(then.getUTCMonth() - count);
  const lastOfMonth = new Date(then);
  lastOfMonth.setUTCMonth(lastOfMonth.getUTCMonth() + 1, 0);
  then.setUTCDate(Math.min(ofMonth, lastOfMonth.getUTCDate()));
  return then.getTime();
}

/** The times in a relation to those of a written span. */
export function spanInRelation(operator: "<" | "<=" | ">" | ">=", { from, before }: WrittenSpan): Span {
  switch (operator) {
    case "<":
      return { from: undefined, before: from };
    case "<=":
      return { from: undefined, before };
    case ">":
      return { from: before, before: undefined };
    case ">=":
      return { from, before: undefined };
  }
}

/** Writes a span so that it is read as the same one, with an operator. */
export function writeSpan({ from, before }: Span): {
  readonly operator: "=" | "<" | "<=" | ">" | ">=";
  readonly text: string;
} {
  if (from === undefined) {
    const end = Number(before);
    return canBeWritten(end) ? { operator: "<", text: iso(end) } : { operator: "<=", text: iso(end - 1) };
  }
  if (before !== undefined) return { operator: "=", text: shortest(from, before - from) };
  return canBeWritten(from) ? { operator: ">=", text: iso(from) } : { operator: ">", text: iso(from - 1) };
}

function shortest(from: number, length: number): string {
  const text = iso(from);
  if (length === dayLength) return text.slice(0, "2020-01-01".length);
  if (length === minute) return text.slice(0, "2020-01-01T00:00".length);
  return length === second ? text.slice(0, "2020-01-01T00:00:00".length) : text;
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
