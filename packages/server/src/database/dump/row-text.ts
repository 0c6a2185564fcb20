import type { Value } from "./snapshot.ts";

/** The member of an object that stands for bytes. */
const bytesName = "base64";

/** Writes a row as one line of JSON: an array of texts, numbers, nulls, and `{"base64": "…"}` for bytes. */
export function rowText(row: readonly unknown[]): string {
  return JSON.stringify(row.map(toJson));
}

function toJson(value: unknown): unknown {
  if (value === null || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (value instanceof Uint8Array) return { [bytesName]: Buffer.from(value).toString("base64") };
  throw new TypeError(`A row has a value of a type that a backup can't hold: ${typeof value}.`);
}

/**
 * Reads a row of so many columns.
 * @returns undefined for a text that is no such row
 */
export function parseRow(text: string, columns: number): Value[] | undefined {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(row) || row.length !== columns) return undefined;
  const values = row.map(fromJson);
  return values.includes(undefined) ? undefined : (values as Value[]);
}

function fromJson(value: unknown): Value | undefined {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (typeof value !== "object" || !(bytesName in value)) return undefined;
  const text = value[bytesName];
  return typeof text === "string" && Object.keys(value).length === 1 ? Buffer.from(text, "base64") : undefined;
}
