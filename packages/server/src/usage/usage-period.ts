import { SluiceError } from "@sluice/protocol";
import type { Days } from "../database/repositories/usage.ts";
import { dayOf } from "../text/day.ts";

const dayMs = 24 * 60 * 60 * 1000;
const maxDays = 90;

interface Dates {
  readonly startDate?: unknown;
  readonly endDate?: unknown;
}

/**
 * The days from the first date up to the other one, without it.
 * @throws SluiceError USAGE_DATES_MISSING, USAGE_DATES_INVALID, USAGE_DATES_REVERSED, USAGE_DATES_TOO_FAR_APART
 */
export function daysUntil(dates: Dates): Days {
  const [start, end] = timesOf(dates);
  if (end <= start) throw new SluiceError("USAGE_DATES_REVERSED");
  return { from: dayOf(start), before: dayOf(end) };
}

/**
 * The days from the first date to the other one, both included. Both may be the same day.
 * @throws SluiceError as `daysUntil`
 */
export function daysThrough(dates: Dates): Days {
  const [start, end] = timesOf(dates);
  if (end < start) throw new SluiceError("USAGE_DATES_REVERSED");
  return { from: dayOf(start), before: dayOf(end + dayMs) };
}

function timesOf({ startDate, endDate }: Dates): [start: number, end: number] {
  if (isAbsent(startDate) || isAbsent(endDate)) throw new SluiceError("USAGE_DATES_MISSING");
  const [start, end] = [timeOf(startDate), timeOf(endDate)];
  if (start === undefined || end === undefined) throw new SluiceError("USAGE_DATES_INVALID");
  if (end - start >= maxDays * dayMs) throw new SluiceError("USAGE_DATES_TOO_FAR_APART");
  return [start, end];
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === "";
}

/** @returns undefined for a text that is no day of the calendar */
function timeOf(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Date takes 2026-02-30 for a day in March.
  return Number.isNaN(time) || dayOf(time) !== text ? undefined : time;
}
