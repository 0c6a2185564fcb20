const times = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** The time to the second: attempts follow one another quickly. */
export function timeText(timestamp: string): string {
  return times.format(new Date(timestamp));
}
