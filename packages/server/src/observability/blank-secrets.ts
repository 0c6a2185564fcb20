export const secretNames = ["authorization", "token", "privateKey", "private_key"] as const;
export const blanked = "[redacted]";

/** A copy of the object without the secrets among its own fields; the object itself when there are none. */
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
 * A line's fields, without the secrets one level below them. pino can do it too, and takes 3 microseconds for each line
 * that holds none, which nearly all do.
 * @param serializers of fields that become something else before they are written, without secrets
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
