import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { type Sort, sortColumns } from "../../database/search-index/search/order.ts";
import { scrollKeysOf } from "../../database/search-index/search/scroll-keys.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { parsePath, parseSort } from "./parse-listing.ts";

const scrollKeysPerFolder = 200;

/** The folder and the order whose marks are asked for. */
export interface ScrollKeysQuery {
  readonly path: string;
  readonly sort: Sort;
}

/** @throws SluiceError for the first invalid parameter, which the error names */
export function parseScrollKeysQuery(query: Readonly<Record<string, unknown>>): ScrollKeysQuery {
  for (const [name, value] of Object.entries(query)) {
    if (name !== "path" && name !== "sort") throw unknownParameter(name, ["path", "sort"]);
    if (typeof value !== "string") throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    if (value.includes("\0")) throw invalidParameter(name, "It must not contain the character U+0000.");
  }
  const { path, sort } = query as { readonly path?: string; readonly sort?: string };
  const order = parseSort(sort || "ASC_CREATED");
  if (order.key === "RELEVANCE") throw new SluiceError("SORT_INVALID");
  return { path: parsePath(path || "/"), sort: order };
}

/**
 * Lists evenly spaced sort keys of a folder's files, so that a scroll bar can open a page anywhere with `startAt`. Files
 * without a value of the sort have no key, and come last.
 */
export async function listScrollKeys(
  reader: Connection,
  viewer: Viewer,
  { path, sort }: ScrollKeysQuery,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly total: number; readonly marks: readonly string[] }> {
  const order = { column: sortColumns[sort.key], direction: sort.direction, count: scrollKeysPerFolder };
  const { files, total, keys } = await scrollKeysOf(reader, { viewer, path }, order, signal);
  const isTime = sort.key === "CREATED" || sort.key === "UPDATED";
  return { files, total, marks: keys.map((key) => (isTime ? new Date(Number(key)).toISOString() : String(key))) };
}
