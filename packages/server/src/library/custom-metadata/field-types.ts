import { parseIsoDate } from "../../text/iso-date.ts";
import type { FieldSchema, FieldType } from "./field.ts";

export type ConstraintName = "selectOptions" | "minValue" | "maxValue" | "minLength" | "maxLength";

interface FieldTypeRecord {
  readonly constraints: readonly ConstraintName[];
  /**
   * Like `demandOf`, except for empty values. No value is converted: `"30"` is not a number (docs/protocol/media-api.md
   * §7).
   */
  readonly demand: (value: unknown, schema: FieldSchema) => string | undefined;
}

const text: FieldTypeRecord = { constraints: ["minLength", "maxLength"], demand: demandText };

export const fieldTypes = {
  Text: text,
  Textarea: text,
  Number: { constraints: ["minValue", "maxValue"], demand: demandNumber },
  Date: { constraints: ["minValue", "maxValue"], demand: demandDate },
  Boolean: { constraints: [], demand: (value) => (typeof value === "boolean" ? undefined : "be of type boolean") },
  SingleSelect: { constraints: ["selectOptions"], demand: demandOption },
  MultiSelect: { constraints: ["selectOptions"], demand: demandOptions },
} as const satisfies Record<FieldType, FieldTypeRecord>;

/**
 * Returns the demand that the value doesn't meet, as the end of a sentence with "must". @returns undefined when the
 * value is valid
 */
export function demandOf(value: unknown, schema: FieldSchema): string | undefined {
  const empty = value === "" || (Array.isArray(value) && value.length === 0);
  const lacking = schema.isValueRequired === true && empty ? "not be empty" : undefined;
  return fieldTypes[schema.type].demand(value, schema) ?? lacking;
}

export function isFieldType(type: unknown): type is FieldType {
  return typeof type === "string" && Object.hasOwn(fieldTypes, type);
}

/** Refuses texts in which neither of the databases could search. */
export function demandOfText(value: string): string | undefined {
  if (value.includes("\0")) return "not contain the character U+0000";
  return value.isWellFormed() ? undefined : "be well-formed Unicode";
}

type Limits = Pick<FieldSchema, "minValue" | "maxValue">;

export function demandNumber(value: unknown, limits: Limits = {}): string | undefined {
  // JSON can spell numbers that are too large for a JavaScript number.
  if (typeof value !== "number" || !Number.isFinite(value)) return "be of type number";
  return demandRange(value, limits, Number);
}

export function demandDate(value: unknown, limits: Limits = {}): string | undefined {
  const time = typeof value === "string" ? parseIsoDate(value) : undefined;
  if (time === undefined) return "be an ISO 8601 date";
  return demandRange(time, limits, (limit) => (typeof limit === "number" ? limit : Number(parseIsoDate(limit))));
}

function demandText(value: unknown, { minLength, maxLength }: FieldSchema): string | undefined {
  if (typeof value !== "string") return "be of type string";
  const length = [...value].length;
  const fits = length >= (minLength ?? 0) && length <= (maxLength ?? Infinity);
  return fits ? demandOfText(value) : `${bounds("have", minLength, maxLength)} characters`;
}

function demandOption(value: unknown, { selectOptions = [] }: FieldSchema): string | undefined {
  return (selectOptions as readonly unknown[]).includes(value) ? undefined : "be one of the selectOptions";
}

function demandOptions(value: unknown, { selectOptions = [] }: FieldSchema): string | undefined {
  const options: readonly unknown[] = selectOptions;
  const holds =
    Array.isArray(value) && new Set(value).size === value.length && value.every((item) => options.includes(item));
  return holds ? undefined : "be an array of selectOptions, each at most once";
}

function demandRange(
  value: number,
  { minValue, maxValue }: Limits,
  numberOf: (limit: number | string) => number,
): string | undefined {
  const fits = value >= numberOf(minValue ?? -Infinity) && value <= numberOf(maxValue ?? Infinity);
  return fits ? undefined : bounds("be", minValue, maxValue);
}

function bounds(verb: string, min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return `${verb} between ${min} and ${max}`;
  return min !== undefined ? `${verb} at least ${min}` : `${verb} at most ${max}`;
}
