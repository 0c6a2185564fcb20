import type { TSchema } from "typebox";

/**
 * The same schema, but that its objects have no members that it doesn't name. Answers may gain members; a test that holds
 * an answer against its closed schema finds those that nobody has written down.
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
