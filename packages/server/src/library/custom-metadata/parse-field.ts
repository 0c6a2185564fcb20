import { SluiceError } from "@sluice/protocol";
import type { FieldSchema } from "./field.ts";
import { demandOfText } from "./field-types.ts";
import { type FieldErrors, parseFieldSchema } from "./parse-field-schema.ts";

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
