/** A schema as the document shows it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** Members that say something about a schema's place rather than about its values. */
const annotations = new Set(["default", "description"]);

/** Two schemas of equal text accept the same values. */
export function textOf(schema: unknown): string {
  return JSON.stringify(
    Object.fromEntries(Object.entries(schema as JsonSchema).filter(([name]) => !annotations.has(name))),
  );
}

/**
 * The same schema in the spelling that generators and renderers of OpenAPI understand best.
 * @param refer returns the reference to a part that has a name
 */
export function plainSchema(schema: unknown, refer: (part: unknown) => JsonSchema | undefined): JsonSchema {
  const each = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(each);
    if (typeof node !== "object" || node === null) return node;
    return refer(node) ?? respelt(node as JsonSchema, each);
  };
  return respelt(schema as JsonSchema, each);
}

function respelt(schema: JsonSchema, each: (node: unknown) => unknown): JsonSchema {
  const { patternProperties, ...others } = schema;
  const any = (patternProperties as JsonSchema | undefined)?.["^.*$"];
  const parts: Record<string, unknown> = {
    ...(others.enum !== undefined && others.type === undefined && typed(others.enum as unknown[])),
    ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, partOf(name, value, each)])),
    ...(any !== undefined && { additionalProperties: each(any) }),
  };
  return orNull(parts) ?? parts;
}

/** Values and names are no schemas, whatever they look like. */
function partOf(keyword: string, value: unknown, each: (node: unknown) => unknown): unknown {
  if (keyword === "properties") {
    return Object.fromEntries(Object.entries(value as JsonSchema).map(([name, schema]) => [name, each(schema)]));
  }
  return ["const", "default", "enum", "examples", "required"].includes(keyword) ? value : each(value);
}

function typed(values: readonly unknown[]): JsonSchema {
  return values.every((value) => typeof value === "string") ? { type: "string" } : {};
}

/** `anyOf` of a plain type and null in the short spelling. */
function orNull({ anyOf, ...others }: Readonly<Record<string, unknown>>): JsonSchema | undefined {
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined;
  const [schema, none] = anyOf;
  if (none?.type !== "null" || typeof schema.type !== "string" || "enum" in schema || "const" in schema)
    return undefined;
  return { ...schema, ...others, type: [schema.type, "null"] };
}
