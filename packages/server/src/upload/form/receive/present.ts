/**
 * Returns a form's field as text. Clients send `undefined` and `null` for fields that they left out, so these values
 * count as absent (docs/protocol/upload.md §5).
 */
export function present(fields: ReadonlyMap<string, string>, name: string): string | undefined {
  const text = fields.get(name);
  const absent =
    text === undefined || text === "" || (name !== "fileName" && (text === "undefined" || text === "null"));
  return absent ? undefined : text;
}
