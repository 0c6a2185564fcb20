const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

const shortDays = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric", timeZone: "UTC" });

/** A day of the server, which counts in UTC. */
export function dayText(day: string): string {
  return days.format(dateOf(day));
}

/** The same without the year. */
export function shortDayText(day: string): string {
  return shortDays.format(dateOf(day));
}

function dateOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

/** The time to the second: attempts follow one another quickly. */
export function timeText(timestamp: string): string {
  return times.format(new Date(timestamp));
}
