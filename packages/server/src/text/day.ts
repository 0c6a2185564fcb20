/** The calendar day in UTC, as `YYYY-MM-DD`. Days sort as text. @param time Unix milliseconds */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
