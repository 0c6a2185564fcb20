import { quote } from "./refusal.ts";

/** Conditions that a file must meet. The server judges its bytes, whatever its name and the page say about it. */
export interface FileChecks {
  /** Accepted media types, such as `image/png`, or whole groups, such as `image/*`. One match is enough. */
  readonly fileTypes?: readonly string[] | undefined;
  /** Bytes, or a text with a unit based on 1024: `"500KB"`, `"10MB"`. */
  readonly minSize?: number | string | undefined;
  readonly maxSize?: number | string | undefined;
  /** Pixels of a picture as it is displayed. A file without pixels, such as a PDF, fails. */
  readonly minWidth?: number | undefined;
  readonly maxWidth?: number | undefined;
  readonly minHeight?: number | undefined;
  readonly maxHeight?: number | undefined;
}

const conditions = {
  fileTypes: fileTypes,
  minSize: (size) => `"file.size" >= ${sizeText("minSize", size)}`,
  maxSize: (size) => `"file.size" <= ${sizeText("maxSize", size)}`,
  minWidth: (pixels) => `"mediaMetadata.width" >= ${pixelText("minWidth", pixels)}`,
  maxWidth: (pixels) => `"mediaMetadata.width" <= ${pixelText("maxWidth", pixels)}`,
  minHeight: (pixels) => `"mediaMetadata.height" >= ${pixelText("minHeight", pixels)}`,
  maxHeight: (pixels) => `"mediaMetadata.height" <= ${pixelText("maxHeight", pixels)}`,
} as const satisfies Record<keyof FileChecks, (value: unknown) => string>;

/**
 * Builds the upload parameter `checks` (docs/protocol/upload.md §10).
 * @param checks a text is used unchanged
 * @throws {TypeError} for conditions that could never be met, and for checks without a condition
 */
export function checksText(checks: string | FileChecks): string {
  if (typeof checks === "string" && checks.trim() !== "") return checks;
  if (typeof checks !== "object" || checks === null) {
    throw new TypeError("policy.checks must be an expression, or say what a file may be.");
  }
  const parts = Object.entries(checks)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => conditionOf(name)(value));
  if (parts.length === 0) throw new TypeError(`policy.checks is empty: it has ${Object.keys(conditions).join(", ")}.`);
  return parts.join(" AND ");
}

function conditionOf(name: string): (value: unknown) => string {
  if (Object.hasOwn(conditions, name)) return conditions[name as keyof FileChecks];
  throw new TypeError(`policy.checks has no member ${quote(name)}.`);
}

const mediaType = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]*)$/i;

function fileTypes(types: unknown): string {
  if (!Array.isArray(types) || types.length === 0 || !types.every((type) => mediaType.test(type))) {
    throw new TypeError("policy.checks.fileTypes must list media types, such as image/png or image/*.");
  }
  const exact = types.filter((type) => !type.endsWith("*")).map((type) => `"${type}"`);
  const kinds = types.filter((type) => type.endsWith("*")).map((type) => `"file.mime" : "${type.slice(0, -1)}"`);
  const parts = exact.length === 0 ? kinds : [...kinds, `"file.mime" IN [${exact.join(", ")}]`];
  return parts.length === 1 ? parts.join("") : `(${parts.join(" OR ")})`;
}

function sizeText(name: string, size: unknown): string {
  if (Number.isSafeInteger(size) && Number(size) >= 0) return String(size);
  if (typeof size === "string" && /^\d+(?:\.\d+)? ?[kmgt]?b$/i.test(size)) return `"${size}"`;
  throw new TypeError(`policy.checks.${name} must be a number of bytes, or a text such as "500KB" or "10MB".`);
}

function pixelText(name: string, pixels: unknown): string {
  if (Number.isSafeInteger(pixels) && Number(pixels) >= 1) return String(pixels);
  throw new TypeError(`policy.checks.${name} must be a whole number of pixels from 1.`);
}
