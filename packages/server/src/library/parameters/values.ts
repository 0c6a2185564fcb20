import { ParameterProblem } from "../../text/parameter.ts";

export function parseBoolean(text: string): boolean {
  if (text !== "true" && text !== "false") throw new ParameterProblem("It must be exactly true or false.");
  return text === "true";
}

/**
 * Parses a list from comma-separated text, or from a JSON array of strings, which some clients send
 * (docs/protocol/upload.md §5).
 */
export function parseList(text: string): string[] {
  return (parseJsonList(text) ?? text.split(",")).map((item) => item.trim()).filter(Boolean);
}

function parseJsonList(text: string): string[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    // A tag may begin with a bracket.
    return undefined;
  }
  if (Array.isArray(list) && list.every((item) => typeof item === "string")) return list;
  throw new ParameterProblem("A JSON array must hold texts and nothing else.");
}

/**
 * Whether a text contains U+0000, which PostgreSQL can't store in text. Names of files and folders never contain it,
 * because it becomes `_` there.
 */
function hasNul(text: string): boolean {
  return text.includes("\0");
}

const noNul = "must not contain the character U+0000.";

/** The largest number of characters in all tags together (docs/protocol/upload.md §14). */
export const maxTagsLength = 500;

/**
 * Returns the tags in the given order, each once. Their lengths must add up to at most 500 characters, and no tag may
 * contain a `%`.
 */
export function checkTags(tags: readonly string[]): string[] {
  if (tags.some(hasNul)) throw new ParameterProblem(`A tag ${noNul}`);
  if (tags.some((tag) => tag.includes("%"))) throw new ParameterProblem("A tag must not contain '%'.");
  const length = tags.reduce((sum, tag) => sum + [...tag].length, 0);
  if (length > maxTagsLength) {
    throw new ParameterProblem(`All tags together must not exceed ${maxTagsLength} characters.`);
  }
  return [...new Set(tags)];
}

export function parseTags(text: string): string[] {
  return checkTags(parseList(text));
}

/** Parses `x,y,width,height` in whole pixels, measured from the top left corner. */
export function parseCoordinates(text: string): string {
  const numbers = text.split(",").map((part) => part.trim());
  if (numbers.length !== 4 || !numbers.every((number) => /^\d{1,6}$/.test(number))) {
    throw new ParameterProblem("It must be x,y,width,height in whole pixels.");
  }
  if (Number(numbers[2]) === 0 || Number(numbers[3]) === 0) {
    throw new ParameterProblem("Width and height must be at least 1.");
  }
  return numbers.map(Number).join(",");
}

const maxDescriptionLength = 10_000;

export function parseDescription(text: string): string {
  if (hasNul(text)) throw new ParameterProblem(`It ${noNul}`);
  if (text.length > maxDescriptionLength) {
    throw new ParameterProblem(`It must not exceed ${maxDescriptionLength} characters.`);
  }
  return text;
}

/** Parses a JSON object. Its members are checked against the account's custom metadata fields elsewhere. */
export function parseCustomMetadata(text: string): Readonly<Record<string, unknown>> {
  return requireObject(parseJson(text));
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ParameterProblem("It must be JSON.");
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function requireObject(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new ParameterProblem("It must be a JSON object, with the names of fields and their values.");
}
