import { SluiceError } from "@sluice/protocol";
import { invalidParameter, ParameterProblem } from "../../text/parameter.ts";
import { checkTags, maxTagsLength } from "../parameters/values.ts";

/** Parses the tags in a change of a file. @returns null where the change unsets them */
export function parseChangedTags(value: unknown): readonly string[] | null {
  if (value === null) return null;
  if (!Array.isArray(value) || !value.every((tag) => typeof tag === "string")) {
    throw invalidParameter("tags", "It must be an array of strings, or null to unset the tags.");
  }
  const tags = value.map((tag) => tag.trim()).filter(Boolean);
  if ([...tags.join("")].length > maxTagsLength) throw new SluiceError("TAGS_TOO_LONG");
  return tags.length === 0 ? null : checkTags(tags);
}

/**
 * Parses a text in a change of a file. An empty text unsets the value like null, because uploads can't set it either.
 */
export function parseChangedText(parse: (text: string) => string): (value: unknown) => string | null {
  return (value) => {
    if (value === null || value === "") return null;
    if (typeof value !== "string") throw new ParameterProblem("It must be a string, or null to unset the value.");
    return parse(value);
  };
}
