import { SluiceError } from "@sluice/protocol";
import { isObject } from "../parameters/values.ts";
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

type ParsedFieldSchema = { readonly schema: FieldSchema } | { readonly errors: FieldErrors };

const maxSelectOptions = 1000;
const maxOptionLength = 255;
const maxLengthLimit = 65_536;

/**
 * Parses a new field's `schema`. Every constraint must fit the field's type and the other constraints
 * (docs/protocol/media-api.md §7). The errors use the vendor's wording where the vendor has one.
 */
export function parseFieldSchema(input: unknown): ParsedFieldSchema {
  if (!isObject(input)) return notAnObject;
  const { type, ...members } = input;
  if (!isFieldType(type)) return { errors: { type: `should be one of ${Object.keys(fieldTypes).join(", ")}` } };
  return parseMembers(type, new Map(Object.entries(members)), Object.keys(members));
}

/**
 * Parses the change of an existing field's `schema`. Members that the change does not name stay as they are, and null
 * takes a member away. The field's type stays, whatever `type` the change names.
 */
export function parseFieldSchemaChange(input: unknown, { type, ...current }: FieldSchema): ParsedFieldSchema {
  if (!isObject(input)) return notAnObject;
  const { type: _ignored, ...given } = input;
  const members = new Map<string, unknown>(Object.entries(current));
  for (const [name, value] of Object.entries(given)) {
    if (value === null && nameProblem(type, name) === undefined) members.delete(name);
    else members.set(name, value);
  }
  const named = Object.keys(given).filter((name) => members.has(name));
  return parseMembers(type, members, named);
}

const notAnObject: ParsedFieldSchema = { errors: { schema: "should be an object" } };

/** @param named the members that the request names. The others come from the field, and each of them is valid. */
function parseMembers(
  type: FieldType,
  members: ReadonlyMap<string, unknown>,
  named: readonly string[],
): ParsedFieldSchema {
  const errors = new Map<string, string>();
  for (const name of named) {
    const problem = nameProblem(type, name) ?? valueProblem(type, name, members.get(name));
    if (problem !== undefined) errors.set(name, problem);
  }
  if (constraintsOf(type).includes("selectOptions") && !members.has("selectOptions")) {
    errors.set("selectOptions", "is required for this type");
  }
  const schema = { type, ...Object.fromEntries(members) } as FieldSchema;
  if (errors.size === 0) {
    const [name, problem] = conflict(schema) ?? [];
    if (name !== undefined && problem !== undefined) errors.set(name, problem);
  }
  return errors.size === 0 ? { schema } : { errors: Object.fromEntries(errors) };
}

function nameProblem(type: FieldType, name: string): string | undefined {
  if (name === "defaultValue" || name === "isValueRequired") return undefined;
  if (!Object.hasOwn(constraintDemands, name)) return "not allowed";
  return constraintsOf(type).includes(name) ? undefined : "not allowed for this type";
}

function constraintsOf(type: FieldType): readonly string[] {
  return fieldTypes[type].constraints;
}

function valueProblem(type: FieldType, name: string, value: unknown): string | undefined {
  // Whether the default value is valid depends on the other members, so `conflict` checks it.
  if (name === "defaultValue") return undefined;
  if (name === "isValueRequired") return typeof value === "boolean" ? undefined : "should be of type boolean";
  const demand = constraintDemands[name as ConstraintName](value, type);
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

/** The maximum lengths in characters. */
const maxNameLength = 100;
const maxLabelLength = 255;
const maxDescriptionLength = 500;

export interface NewField {
  readonly name: string;
  readonly label: string;
  /** The description is null if there is none. */
  readonly description: string | null;
  readonly schema: FieldSchema;
}

export interface FieldChange extends Partial<Pick<NewField, "label" | "description">> {
  /** The members of the schema as the request names them. What they come to depends on the field as it is by then. */
  readonly schema?: unknown;
}

type Body = Readonly<Record<string, unknown>>;
type Demand = (value: unknown) => string | undefined;

const demands = {
  name: demandName,
  label: (value) => demandShortText(value, 1, maxLabelLength),
  description: (value) => demandShortText(value, 0, maxDescriptionLength),
} as const satisfies Record<string, Demand>;

/**
 * Turns the body of `POST /v1/customMetadataFields` into a field.
 * @throws SluiceError CUSTOM_FIELD_INVALID with everything that is wrong, by the name of the member
 */
export function parseNewField(body: Body): NewField {
  const { schema: schemaInput, ...texts } = body;
  const parsed = parseFieldSchema(schemaInput);
  const missing = (["name", "label"] as const).filter((name) => texts[name] === undefined);
  const errors = {
    ...textErrors(texts, ["name", "label", "description"]),
    ...Object.fromEntries(missing.map((name) => [name, "is required"])),
    ...("errors" in parsed ? parsed.errors : {}),
  };
  if ("errors" in parsed || Object.keys(errors).length > 0)
    throw new SluiceError("CUSTOM_FIELD_INVALID", {}, { errors });
  const { name, label, description } = texts as { name: string; label: string; description?: string };
  return { name, label, description: description || null, schema: parsed.schema };
}

/**
 * Checks the body of `PATCH /v1/customMetadataFields/:id` as far as that is possible without the field.
 * @throws SluiceError CUSTOM_FIELD_NAME_FIXED, CUSTOM_FIELD_CHANGE_MISSING, CUSTOM_FIELD_INVALID
 */
export function checkFieldChange({ schema, ...texts }: Body): void {
  if (texts.name !== undefined) throw new SluiceError("CUSTOM_FIELD_NAME_FIXED");
  const { label, description } = texts;
  const changesNothing = [label, description, schema].every((member) => member === undefined);
  if (changesNothing) throw new SluiceError("CUSTOM_FIELD_CHANGE_MISSING");
  const errors = textErrors(texts, ["label", "description"]);
  if (Object.keys(errors).length > 0) throw new SluiceError("CUSTOM_FIELD_INVALID", {}, { errors });
}

/** Reads the change from a body that has passed `checkFieldChange`. */
export function parseFieldChange({ label, description, schema }: Body): FieldChange {
  return {
    ...(label === undefined ? {} : { label: label as string }),
    ...(description === undefined ? {} : { description: (description as string) || null }),
    ...(schema === undefined ? {} : { schema }),
  };
}

function textErrors(texts: Body, known: readonly (keyof typeof demands)[]): FieldErrors {
  const errors = Object.entries(texts).map(([name, value]): [string, string | undefined] => {
    const found = known.find((candidate) => candidate === name);
    if (found === undefined) return [name, "not allowed"];
    const demand = value === undefined ? undefined : demands[found](value);
    return [name, demand && `should ${demand}`];
  });
  return Object.fromEntries(errors.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Searches and checks put names in quotes, and `__proto__` can't be carried safely by JSON in JavaScript. */
function demandName(value: unknown): string | undefined {
  const demand = demandShortText(value, 1, maxNameLength);
  if (demand !== undefined) return demand;
  const holds = /^[^\p{Cc}"'\\]+$/u.test(value as string) && value !== "__proto__";
  return holds ? undefined : "not contain quotes, backslashes and control characters, nor be __proto__";
}

function demandShortText(value: unknown, min: number, max: number): string | undefined {
  if (typeof value !== "string") return "be of type string";
  const { length } = [...value];
  return length < min || length > max ? `have ${min} to ${max} characters` : demandOfText(value);
}
