export const secretNames = ["authorization", "token", "privateKey", "private_key"] as const;
export const blanked = "[redacted]";

/** Returns a copy of the object without the secrets among its own fields, or the object itself when it has none. */
export function blankFields(subject: object): object {
  const fields = subject as Readonly<Record<string, unknown>>;
  let copy: Record<string, unknown> | undefined;
  for (const name of secretNames) {
    if (fields[name] === undefined) continue;
    copy ??= { ...fields };
    copy[name] = blanked;
  }
  return copy ?? subject;
}

/**
 * A line's fields without the secrets one level below them. pino can do this too, but takes 3 microseconds for each
 * line without secrets, as nearly all lines are.
 * @param serializers the fields that are turned into something without secrets before they are written
 */
export function blankNested(line: object, serializers: object): Record<string, unknown> {
  const fields = line as Record<string, unknown>;
  let copy = fields;
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value !== "object" || value === null || name in serializers) continue;
    const safe = blankFields(value);
    if (safe === value) continue;
    if (copy === fields) copy = { ...fields };
    copy[name] = safe;
  }
  return copy;
}
