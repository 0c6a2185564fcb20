import { toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { findTags } from "../../database/search-index/search/tags.ts";
import { invalidParameter, parseLimit, unknownParameter } from "../../text/parameter.ts";

const limits = { standard: 20, max: 100 } as const;

export interface TagsQuery {
  readonly beginning: string;
  readonly limit: number;
}

/** Parses the query of `GET /v1/files/tags`. @throws SluiceError for the first invalid parameter, which the error names */
export function parseTagsQuery(query: Readonly<Record<string, unknown>>): TagsQuery {
  for (const [name, value] of Object.entries(query)) {
    if (name !== "beginning" && name !== "limit") throw unknownParameter(name, ["beginning", "limit"]);
    if (typeof value !== "string") throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    if (value.includes("\0")) throw invalidParameter(name, "It must not contain the character U+0000.");
  }
  const { beginning = "", limit = "" } = query as { readonly [Name in keyof TagsQuery]?: string };
  return { beginning: toNfc(beginning), limit: parseLimit(limit === "" ? undefined : limit, limits) };
}

/** Lists tags that begin so, in lower case and with a capital as well. */
export async function listTags(
  reader: Connection,
  viewer: Viewer,
  { beginning, limit }: TagsQuery,
  signal: AbortSignal,
): Promise<{ readonly tags: readonly string[] }> {
  const lower = beginning.toLowerCase();
  const spellings = new Set([beginning, lower, lower.slice(0, 1).toUpperCase() + lower.slice(1)]);
  const found = new Set<string>();
  for (const spelling of spellings) {
    for (const tag of await findTags(reader, viewer, { beginning: spelling, limit }, signal)) found.add(tag);
  }
  return { tags: [...found].slice(0, limit) };
}
