import { SluiceError } from "@sluice/protocol";
import type { CustomField, CustomMetadata, CustomValue } from "./field.ts";
import { demandOf } from "./field-types.ts";

/** The largest number of values of one asset. Each item of a list counts as a value (docs/protocol/upload.md §5). */
const maxCustomValues = 1000;
/** The largest size of one asset's values as JSON, in bytes. No form field is larger either. */
const maxCustomMetadataBytes = 65_536;

/** New values by field name. Null unsets a value. */
export type CustomMetadataChange = Readonly<Record<string, CustomValue | null>>;

/**
 * Checks values against the account's fields.
 * @throws SluiceError CUSTOM_METADATA_INVALID with everything that is wrong, by the name of the field;
 * TOO_MANY_CUSTOM_VALUES
 */
export function checkCustomMetadata(
  fields: readonly CustomField[],
  given: Readonly<Record<string, unknown>>,
): CustomMetadataChange {
  if (countValues(given) > maxCustomValues) throw excessError("too many values");
  const byName = new Map(fields.map((field) => [field.name, field]));
  const errors = Object.entries(given).flatMap(([name, value]) => {
    const problem = valueProblem(byName.get(name), value);
    return problem === undefined ? [] : [[name, problem] as const];
  });
  if (errors.length > 0) throw new SluiceError("CUSTOM_METADATA_INVALID", {}, { errors: Object.fromEntries(errors) });
  return given as CustomMetadataChange;
}

/** The values after the change. A required field without a value gets its default. */
export function applyCustomMetadata(
  before: CustomMetadata,
  change: CustomMetadataChange,
  defaults: CustomMetadata,
): CustomMetadata {
  const entries = Object.entries({ ...defaults, ...before, ...change });
  // A Map, because a field may be called `constructor`, a property that every object inherits.
  const defaultOf = new Map(Object.entries(defaults));
  const values = entries.map(([name, value]) => [name, value ?? defaultOf.get(name)] as const);
  return Object.fromEntries(values.filter((entry): entry is [string, CustomValue] => entry[1] !== undefined));
}

/** The default values of required fields, which assets without a value get. */
export function requiredDefaults(fields: readonly Pick<CustomField, "name" | "schema">[]): CustomMetadata {
  return Object.fromEntries(
    fields.flatMap(({ name, schema: { isValueRequired, defaultValue } }) =>
      isValueRequired && defaultValue !== undefined ? [[name, defaultValue] as const] : [],
    ),
  );
}

const limits = { "too many values": `${maxCustomValues} values`, "too many bytes": `${maxCustomMetadataBytes} bytes` };

export type CustomMetadataExcess = keyof typeof limits;

export function isExcess(outcome: string): outcome is CustomMetadataExcess {
  return Object.hasOwn(limits, outcome);
}

/** The limit that was exceeded, in words. */
export function limitOf(excess: CustomMetadataExcess): string {
  return limits[excess];
}

/** Returns the limit that the values of an asset exceed, if any. */
export function excessOf(values: CustomMetadata): CustomMetadataExcess | undefined {
  if (countValues(values) > maxCustomValues) return "too many values";
  return Buffer.byteLength(JSON.stringify(values)) > maxCustomMetadataBytes ? "too many bytes" : undefined;
}

export function excessError(excess: CustomMetadataExcess): SluiceError {
  return excess === "too many values"
    ? new SluiceError("TOO_MANY_CUSTOM_VALUES", { limit: maxCustomValues })
    : new SluiceError("PARAMETER_TOO_LARGE", { parameter: "customMetadata", limit: maxCustomMetadataBytes });
}

function countValues(values: Readonly<Record<string, unknown>>): number {
  return Object.values(values).reduce((sum: number, value) => sum + (Array.isArray(value) ? value.length : 1), 0);
}

function valueProblem(field: CustomField | undefined, value: unknown): string | undefined {
  if (field === undefined) return "Specified custom metadata field does not exist.";
  if (value === null) return undefined;
  const demand = demandOf(value, field.schema);
  return demand === undefined ? undefined : `Value must ${demand}.`;
}
