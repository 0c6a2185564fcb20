import { SluiceError } from "@sluice/protocol";
import { invalidParameter, namingParameter, ParameterProblem, unknownParameter } from "../../text/parameter.ts";
import { changeParsers } from "../details/stored-columns.ts";
import type { ChangedValues } from "../details/stored-parameters.ts";
import { requireObject } from "../parameters/values.ts";

/** New values. Null unsets a value, and an absent one stays unchanged. */
export interface FileDetails extends ChangedValues {
  /** Merged into the existing values; null unsets a value. Not yet checked against the account's fields. */
  readonly customMetadata?: Readonly<Record<string, unknown>>;
  /** The AI tags that are removed before extensions run. */
  readonly removeAITags?: readonly string[] | "all";
}

export interface Publication {
  readonly isPublished: boolean;
  /** Whether the change applies to the other versions as well. */
  readonly includeFileVersions: boolean;
}

export type FilePatch<Others = unknown> =
  | { readonly kind: "details"; readonly details: FileDetails; readonly others: Partial<Others> }
  | { readonly kind: "publication"; readonly publication: Publication };

/** The parser for each member. Parsers throw ParameterProblem or SluiceError. */
export type MemberParsers<Values> = { readonly [Name in keyof Values]-?: (value: unknown) => Values[Name] };

const details = {
  ...changeParsers,
  customMetadata: requireObject,
  removeAITags: parseRemovedTags,
} as const satisfies MemberParsers<FileDetails>;

/**
 * Parses the body of `PATCH /v1/files/:fileId/details`, which has one of two shapes (docs/protocol/media-api.md §5.1).
 * @param others parsers for members that the body may have besides the file's own details
 * @throws SluiceError for the first invalid member, which the error names
 */
export function parseFilePatch<Others>(
  body: Readonly<Record<string, unknown>>,
  others: MemberParsers<Others>,
): FilePatch<Others> {
  const known = [...Object.keys(details), ...Object.keys(others), "publish"];
  for (const name of Object.keys(body)) {
    if (!known.includes(name)) throw unknownParameter(name, known);
  }
  if (!Object.hasOwn(body, "publish")) {
    return { kind: "details", details: parseMembers(body, details), others: parseMembers(body, others) };
  }
  if (Object.keys(body).length > 1) {
    throw new SluiceError("BODY_INVALID", { problem: "Send publish alone, and the other members without it." });
  }
  return { kind: "publication", publication: parsePublication(body.publish) };
}

function parseMembers<Values>(
  body: Readonly<Record<string, unknown>>,
  parsers: MemberParsers<Values>,
): Partial<Values> {
  const values = Object.entries<(value: unknown) => unknown>(parsers)
    .filter(([name]) => Object.hasOwn(body, name))
    .map(([name, parse]) => [name, namingParameter(name, () => parse(body[name]))]);
  return Object.fromEntries(values) as Partial<Values>;
}

function parseRemovedTags(value: unknown): readonly string[] | "all" {
  if (value === "all" || (Array.isArray(value) && value.every((tag) => typeof tag === "string"))) return value;
  throw new ParameterProblem('It must be an array of strings, or "all".');
}

function parsePublication(value: unknown): Publication {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidParameter("publish", "It must be an object with isPublished.");
  }
  const { isPublished, includeFileVersions = false, ...others } = value as Readonly<Record<string, unknown>>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw unknownParameter(`publish.${other}`, ["isPublished", "includeFileVersions"]);
  if (typeof isPublished !== "boolean") throw invalidParameter("publish", "Its isPublished must be true or false.");
  if (typeof includeFileVersions !== "boolean") {
    throw invalidParameter("publish", "Its includeFileVersions must be true or false.");
  }
  return { isPublished, includeFileVersions };
}
