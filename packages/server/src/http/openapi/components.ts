import * as schemas from "@sluice/protocol/schemas";
import { type JsonSchema, plainSchema, textOf } from "./json-schema.ts";

/**
 * The schemas that have a name: those that the protocol exports, by their names there, and the events. A query has
 * none, because it becomes parameters.
 */
const named = new Map<string, { readonly name: string; readonly schema: JsonSchema }>();
for (const [name, schema] of [...Object.entries(schemas), ...eventEntries()]) {
  if (typeof schema !== "object" || !("~kind" in schema) || name.endsWith("Query")) continue;
  const text = textOf(schema);
  // A second name of the same schema would only be another spelling of it.
  if (!named.has(text)) named.set(text, { name, schema: schema as unknown as JsonSchema });
}

function eventEntries(): [string, object][] {
  return Object.entries(schemas.webhookEvents).map(([type, schema]) => [eventName(type), schema]);
}

/** `file.created` is the schema `FileCreatedEvent`. */
function eventName(type: string): string {
  return `${type.replaceAll(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase())}Event`;
}

/** Collects the named schemas that a document refers to. */
export class Components {
  readonly #used = new Map<string, JsonSchema>();

  /** The schema as a document shows it: a reference where it has a name. */
  of(schema: unknown): JsonSchema {
    return this.#refer(schema) ?? plainSchema(schema, (part) => this.#refer(part));
  }

  /** By name, in the order of the alphabet. */
  schemas(): Readonly<Record<string, JsonSchema>> {
    return Object.fromEntries([...this.#used].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #refer(part: unknown): JsonSchema | undefined {
    const found = named.get(textOf(part));
    if (found === undefined) return undefined;
    const { name, schema } = found;
    if (!this.#used.has(name)) {
      // Set before its parts are looked at, because a schema may contain itself.
      this.#used.set(name, {});
      this.#used.set(
        name,
        plainSchema(schema, (inner) => this.#refer(inner)),
      );
    }
    const { description } = part as JsonSchema;
    const own = description !== undefined && description !== schema.description;
    return { $ref: `#/components/schemas/${name}`, ...(own && { description }) };
  }
}
