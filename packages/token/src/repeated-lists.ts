import { parameterKinds } from "./upload-parameters.ts";

/*
 * Clients that are generated from an OpenAPI document write a list into a form as fields of one name, one for each entry,
 * whatever encoding the document asks for. Such fields stand for one text: the one that `canonicalParameters` writes for
 * the list, and that a token therefore claims.
 */

/** Whether the fields of a form may carry the parameter entry by entry. */
export function isListParameter(name: string): boolean {
  const kind = parameterKinds.get(name);
  return kind === "list" || kind === "array";
}

/**
 * Returns the text of a list whose entries came as fields of one name, in their order. A single field may hold the whole
 * list. Entries of `extensions` are JSON objects; those of the other lists are texts.
 * @returns undefined for a parameter that is no list, and for repeated fields of which one is a whole list by itself
 */
export function joinList(name: string, fields: readonly string[]): string | undefined {
  const [first] = fields;
  if (!isListParameter(name) || first === undefined) return undefined;
  const isOfObjects = parameterKinds.get(name) === "array";
  if (isOfObjects && fields.every(isObject)) return `[${fields.join(",")}]`;
  if (fields.length === 1) return first;
  return isOfObjects || fields.some(isArray) ? undefined : fields.join(",");
}

/** Whether further fields may complete these to the list that is claimed. */
export function beginsList(name: string, fields: readonly string[], claim: unknown): boolean {
  if (typeof claim !== "string" || !isListParameter(name)) return false;
  if (parameterKinds.get(name) === "list") return claim.startsWith(`${fields.join(",")},`);
  return fields.every(isObject) && claim.startsWith(`[${fields.join(",")},`);
}

function isObject(text: string): boolean {
  return text.trimStart().startsWith("{");
}

function isArray(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
