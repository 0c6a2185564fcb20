import { readFileSync } from "node:fs";

export interface Described {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, DescribedResponse | { readonly $ref: string }>>;
}

interface DescribedResponse {
  readonly content?: Readonly<Record<string, unknown>>;
}

export interface ReferenceDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly responses: Readonly<Record<string, DescribedResponse>> };
}

/**
 * The OpenAPI document that the server answers with, but its objects allow no members that the document doesn't name.
 * A client has to put up with new members; a test has to find them.
 */
export function readClosedDocument(): ReferenceDocument {
  return close(
    JSON.parse(readFileSync(new URL("../../../../docs/openapi.json", import.meta.url), "utf8")),
  ) as ReferenceDocument;
}

function close(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(close);
  if (typeof node !== "object" || node === null) return node;
  const members = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, name === "allOf" ? value : close(value)]),
  );
  // An operation's reasons narrow the shape of every refusal, which names the members: `allOf` stays as it is.
  const isObject = "properties" in members && members.type === "object";
  return isObject && !("additionalProperties" in members) ? { ...members, additionalProperties: false } : members;
}
