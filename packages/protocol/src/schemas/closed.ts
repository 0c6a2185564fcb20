import type { TSchema } from "typebox";

/**
 * Returns the same schema, but its objects allow no members that the schema doesn't name. Answers may gain members. A
 * test that compares an answer with its closed schema finds members that nobody has documented.
 */
export function closed(schema: TSchema): TSchema {
  return close(schema) as TSchema;
}

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== "object" || node === null) return node;
  const members = Object.fromEntries(Object.entries(node).map(([name, value]) => [name, close(value)]));
  return "properties" in members && members.additionalProperties === undefined
    ? { ...members, additionalProperties: false }
    : members;
}
