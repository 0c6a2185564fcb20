import { parseTransformation, TransformationError } from "@sluice/grammar";
import { invalidParameter, unknownParameter } from "../parameters/parameter.ts";

const maxNameLength = 100;
/** Characters; more than any URL could hold beside a path. */
const maxTransformationLength = 8192;

export interface NewNamedTransformation {
  readonly name: string;
  readonly transformation: string;
  readonly enabled: boolean;
}

export type NamedTransformationChange = Partial<NewNamedTransformation>;

type Body = Readonly<Record<string, unknown>>;

const parsers = {
  name: parseName,
  transformation: parseText,
  enabled: parseEnabled,
} as const satisfies { readonly [Member in keyof NewNamedTransformation]: (value: unknown) => unknown };

/**
 * The body of `POST /v1/named-transformations`.
 * @throws SluiceError PARAMETER_INVALID
 */
export function parseNewNamedTransformation(body: Body): NewNamedTransformation {
  const { name, transformation, enabled = true } = parseNamedTransformationChange(body);
  if (name === undefined) throw invalidParameter("name", nameProblem);
  if (transformation === undefined)
    throw invalidParameter("transformation", "Send the transformation that it stands for.");
  return { name, transformation, enabled };
}

/**
 * The body of `PATCH /v1/named-transformations/:id`: what it doesn't hold stays as it is.
 * @throws SluiceError PARAMETER_INVALID
 */
export function parseNamedTransformationChange(body: Body): NamedTransformationChange {
  const known = Object.keys(parsers);
  const entries = Object.entries(body).map(([member, value]) => {
    if (!Object.hasOwn(parsers, member)) throw unknownParameter(member, known);
    return [member, parsers[member as keyof typeof parsers](value)];
  });
  return Object.fromEntries(entries);
}

const nameProblem = `A name has 1 to ${maxNameLength} letters of a to z, digits and _.`;

function parseName(value: unknown): string {
  if (typeof value === "string" && /^[A-Za-z0-9_]+$/.test(value) && value.length <= maxNameLength) return value;
  throw invalidParameter("name", nameProblem);
}

/** A dashboard may have put `tr:` before it (docs/protocol/delivery.md §8.2). */
function parseText(value: unknown): string {
  const invalid = (problem: string) => invalidParameter("transformation", problem);
  if (typeof value !== "string") throw invalid("It is a text, such as w-400,h-300:rt-90.");
  if (value.length > maxTransformationLength) throw invalid(`It has ${maxTransformationLength} characters at most.`);
  const text = value.trim().replace(/^tr:/, "");
  try {
    if (parseTransformation(text).steps.length > 0) return text;
  } catch (error) {
    if (error instanceof TransformationError) throw invalid(`${error.message}.`);
    throw error;
  }
  throw invalid("It says nothing.");
}

function parseEnabled(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw invalidParameter("enabled", "It is true or false.");
}
