import { toNfc } from "./nfc.ts";

/** Returns a sentence on why the value is refused, or undefined. */
type Rule = (value: string) => string | undefined;

const utf8 = new TextEncoder();
const maxSegmentBytes = 255;
const maxPathBytes = 1024;
const maxFolderDepth = 50;
const maxTagsLength = 500;
const maxDescriptionLength = 10_000;
const maxUrlLength = 2048;

const responseFields: ReadonlySet<string> = new Set([
  "tags",
  "customCoordinates",
  "isPrivateFile",
  "isPublished",
  "embeddedMetadata",
  "customMetadata",
  "metadata",
  "selectedFieldsSchema",
]);

/**
 * Rules for the values that every server refuses, whatever its settings (docs/protocol/upload.md §5, §7). Only the
 * server can judge values that depend on an account or a file, such as custom metadata fields.
 */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>(
  Object.entries({
    fileName: (value) => {
      const name = toNfc(value);
      if (name === "." || name === "..") return "must not be '.' or '..'";
      return bytes(cleaned(name, true)) > maxSegmentBytes
        ? `must not exceed ${maxSegmentBytes} bytes in UTF-8`
        : undefined;
    },
    folder,
    useUniqueFileName: flag,
    isPrivateFile: flag,
    isPublished: flag,
    overwriteFile: flag,
    overwriteAITags: flag,
    overwriteTags: flag,
    overwriteCustomMetadata: flag,
    overwriteDescription: flag,
    tags: (value) => {
      const tags = listOf(value);
      if (tags === undefined) return "must be tags with commas between them, or a JSON array of strings";
      if (tags.some((tag) => tag.includes("%"))) return "must not have a tag with '%'";
      const length = tags.reduce((sum, tag) => sum + [...tag].length, 0);
      return length > maxTagsLength ? `must not exceed ${maxTagsLength} characters in all tags together` : undefined;
    },
    responseFields: (value) => {
      const unknown = listOf(value)?.find((field) => !responseFields.has(field));
      return unknown === undefined ? undefined : `may list ${[...responseFields].join(", ")}`;
    },
    customCoordinates: (value) =>
      /^\s*\d{1,6}\s*,\s*\d{1,6}\s*,\s*0*[1-9]\d*\s*,\s*0*[1-9]\d*\s*$/.test(value)
        ? undefined
        : "must be x,y,width,height in whole pixels",
    description: (value) =>
      value.length > maxDescriptionLength ? `must not exceed ${maxDescriptionLength} characters` : undefined,
    webhookUrl: (value) => {
      const url = value.length <= maxUrlLength && URL.canParse(value) ? new URL(value) : undefined;
      return url?.protocol === "http:" || url?.protocol === "https:"
        ? undefined
        : `must be an http or https URL of at most ${maxUrlLength} characters`;
    },
    customMetadata: (value) => (isObject(parsed(value)) ? undefined : "must be a JSON object"),
    extensions: (value) => (Array.isArray(parsed(value)) ? undefined : "must be a JSON array"),
    transformation: (value) => {
      const object = parsed(value);
      const isEmpty = !isObject(object) || Object.keys(object).length === 0;
      return isEmpty ? "must be a JSON object with pre, post or both" : undefined;
    },
  } satisfies Record<string, Rule>),
);

/**
 * @param values in the form in which they travel, see `canonicalParameters`
 * @throws {TypeError} naming the first parameter whose value every server would refuse
 */
export function assertParameterValues(values: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(values)) {
    // The server treats a parameter with such a value as absent.
    if (value === "" || (name !== "fileName" && (value === "undefined" || value === "null"))) continue;
    const problem = value.includes("\0") && texts.has(name) ? "must not contain U+0000" : rules.get(name)?.(value);
    if (problem !== undefined) throw new TypeError(`The parameter ${name} ${problem}: the server would refuse it.`);
  }
}

/** Parameters whose text is stored unchanged. In names and folders U+0000 becomes `_`. */
const texts: ReadonlySet<string> = new Set(["tags", "description"]);

function flag(value: string): string | undefined {
  return value === "true" || value === "false" ? undefined : "must be exactly true or false";
}

function folder(value: string): string | undefined {
  const segments = toNfc(value).split("/").filter(Boolean);
  if (segments.some((segment) => segment === "." || segment === "..")) return "must not have a folder '.' or '..'";
  if (segments.length > maxFolderDepth) return `must not nest more than ${maxFolderDepth} folders`;
  const names = segments.map((segment) => cleaned(segment, false));
  if (names.some((name) => bytes(name) > maxSegmentBytes)) {
    return `must not have a folder whose name exceeds ${maxSegmentBytes} bytes in UTF-8`;
  }
  if (names[0] === "ik-seo") return "must not begin with ik-seo, which has a meaning in URLs";
  return bytes(`/${names.join("/")}`) > maxPathBytes ? `must not exceed ${maxPathBytes} bytes in UTF-8` : undefined;
}

function cleaned(name: string, withDots: boolean): string {
  return name.replace(withDots ? /[^\p{L}\p{M}\p{N}._-]/gu : /[^\p{L}\p{M}\p{N}_-]/gu, "_");
}

/** Returns undefined for a JSON array that contains anything but strings. */
function listOf(value: string): string[] | undefined {
  const array = value.trimStart().startsWith("[") ? parsed(value) : undefined;
  if (Array.isArray(array) && !array.every((entry) => typeof entry === "string")) return undefined;
  return (Array.isArray(array) ? array : value.split(",")).map((entry) => entry.trim()).filter(Boolean);
}

/** Returns undefined for text that isn't JSON. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function bytes(text: string): number {
  return utf8.encode(text).length;
}
