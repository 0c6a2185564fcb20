const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

const days = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

/** A day of the server, which counts in UTC. */
export function dayText(day: string): string {
  return days.format(new Date(`${day}T00:00:00Z`));
}

/** The time to the second: attempts follow one another quickly. */
export function timeText(timestamp: string): string {
  return times.format(new Date(timestamp));
}
