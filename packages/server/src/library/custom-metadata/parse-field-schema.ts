import type { FieldSchema, FieldType, Scalar } from "./field.ts";
import {
  type ConstraintName,
  demandDate,
  demandNumber,
  demandOf,
  demandOfText,
  fieldTypes,
  isFieldType,
} from "./field-types.ts";

/** The problems, by the name of the member. */
export type FieldErrors = Readonly<Record<string, string>>;

export type ParsedFieldSchema = { readonly schema: FieldSchema } | { readonly errors: FieldErrors };

const maxSelectOptions = 1000;
const maxOptionLength = 255;
const maxLengthLimit = 65_536;

/**
 * Parses a field's `schema`. Every constraint must fit the field's type and the other constraints
 * (docs/protocol/media-api.md §7). The errors use the vendor's wording where the vendor has one.
 * @param type the type of an existing field; `type` in the schema does not count then
 */
export function parseFieldSchema(input: unknown, type?: FieldType): ParsedFieldSchema {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { errors: { schema: "should be an object" } };
  }
  const given = input as Readonly<Record<string, unknown>>;
  const actual = type ?? given.type;
  if (!isFieldType(actual)) return { errors: { type: `should be one of ${Object.keys(fieldTypes).join(", ")}` } };
  const { constraints } = fieldTypes[actual];
  const members = new Map(Object.entries(given).filter(([name]) => name !== "type"));
  const errors = new Map<string, string>();
  for (const [name, value] of members) {
    const problem = memberProblem(actual, constraints, name, value);
    if (problem !== undefined) errors.set(name, problem);
  }
  if ((constraints as readonly string[]).includes("selectOptions") && !members.has("selectOptions")) {
    errors.set("selectOptions", "is required for this type");
  }
  const schema = { type: actual, ...Object.fromEntries(members) } as FieldSchema;
  if (errors.size === 0) {
    const [name, problem] = conflict(schema) ?? [];
    if (name !== undefined && problem !== undefined) errors.set(name, problem);
  }
  return errors.size === 0 ? { schema } : { errors: Object.fromEntries(errors) };
}

function memberProblem(
  type: FieldType,
  constraints: readonly ConstraintName[],
  name: string,
  value: unknown,
): string | undefined {
  // Whether the default value is valid depends on the other members, so `conflict` checks it.
  if (name === "defaultValue") return undefined;
  if (name === "isValueRequired") return typeof value === "boolean" ? undefined : "should be of type boolean";
  if (!Object.hasOwn(constraintDemands, name)) return "not allowed";
  const constraint = name as ConstraintName;
  if (!constraints.includes(constraint)) return "not allowed for this type";
  const demand = constraintDemands[constraint](value, type);
  return demand === undefined ? undefined : `should ${demand}`;
}

const constraintDemands = {
  selectOptions: demandOptionList,
  minValue: demandLimit,
  maxValue: demandLimit,
  minLength: demandLength,
  maxLength: demandLength,
} as const satisfies Record<ConstraintName, (value: unknown, type: FieldType) => string | undefined>;

function demandLimit(value: unknown, type: FieldType, limits = {}): string | undefined {
  return type === "Date" ? demandDate(value, limits) : demandNumber(value, limits);
}

function demandLength(value: unknown): string | undefined {
  if (typeof value !== "number") return "be of type number";
  const holds = Number.isInteger(value) && value >= 0 && value <= maxLengthLimit;
  return holds ? undefined : `be a whole number from 0 to ${maxLengthLimit}`;
}

function demandOptionList(value: unknown): string | undefined {
  if (!Array.isArray(value) || !value.every(isScalar)) return "be an array of strings, numbers and booleans";
  if (value.length === 0 || value.length > maxSelectOptions) return `hold 1 to ${maxSelectOptions} options`;
  if (new Set(value).size !== value.length) return "hold each option once";
  const texts = value.filter((option) => typeof option === "string");
  if (texts.some((text) => text === "" || text.length > maxOptionLength)) {
    return `hold texts of 1 to ${maxOptionLength} characters`;
  }
  return texts.map(demandOfText).find((demand) => demand !== undefined);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "boolean" || demandNumber(value) === undefined;
}

/** Finds a contradiction between members that are each valid. */
function conflict(schema: FieldSchema): readonly [name: string, problem: string] | undefined {
  const { type, minValue, maxValue, minLength = 0, maxLength = Infinity, defaultValue, isValueRequired } = schema;
  if (minValue !== undefined && maxValue !== undefined && demandLimit(minValue, type, { maxValue }) !== undefined) {
    return ["minValue", "should not be greater than maxValue"];
  }
  if (minLength > maxLength) return ["minLength", "should not be greater than maxLength"];
  if (defaultValue === undefined) {
    return isValueRequired === true ? ["defaultValue", "is required when isValueRequired is true"] : undefined;
  }
  const demand = demandOf(defaultValue, schema);
  return demand === undefined ? undefined : ["defaultValue", `should ${demand}`];
}
