import { type Static, type TSchema, type TUnsafe, Type } from "typebox";

type ReadonlyDeep<Value> = Value extends readonly (infer Item)[]
  ? readonly ReadonlyDeep<Item>[]
  : Value extends object
    ? { readonly [Name in keyof Value]: ReadonlyDeep<Value[Name]> }
    : Value;

/** The type of the values that a schema describes. It is read-only, because received and sent values don't change. */
export type Shape<Schema extends TSchema> = ReadonlyDeep<Static<Schema>>;

export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** An object with members of any name and kind. */
export const AnyObject: TUnsafe<Record<string, unknown>> = Type.Unsafe({ type: "object", additionalProperties: true });

/** ISO 8601 with milliseconds, in UTC. */
export const Timestamp = Type.String({ format: "date-time" });
