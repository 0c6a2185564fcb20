import { parseTransformation, TransformationError } from "@sluice/grammar";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";

const maxNameLength = 100;
/** The maximum length in characters; it is more than any URL could hold besides a path. */
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
 * Parses the body of `POST /v1/named-transformations`.
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
 * Parses the body of `PATCH /v1/named-transformations/:id`. Members that the body doesn't have stay unchanged.
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

/** Parses the transformation's text. A dashboard may have put `tr:` in front of it (docs/protocol/delivery.md §8.2). */
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
