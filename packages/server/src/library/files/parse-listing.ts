import { toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { AssetListing, SortKey } from "../../database/repositories/asset-listing.ts";
import { invalidParameter, unknownParameter } from "../parameters/parameter.ts";

const maxLimit = 1000;

/** Turns each query parameter into a part of the listing. The parser holds the parameter's default. */
const parameters = {
  type: (text = "file") => ({ type: parseType(text) }),
  sort: (text = "ASC_CREATED") => ({ sort: parseSort(text) }),
  path: (text?: string) => ({ folderPath: text === undefined ? undefined : parsePath(text) }),
  fileType: (text = "all") => ({ fileType: parseFileType(text) }),
  limit: (text = String(maxLimit)) => ({ limit: parseLimit(text) }),
  skip: (text = "0") => ({ skip: parseSkip(text) }),
} as const satisfies Record<string, (text?: string) => Partial<AssetListing>>;

const unsupported: readonly string[] = ["searchQuery", "tags", "name", "includeFolder"];

/**
 * Turns the query of `GET /v1/files` into a listing (docs/protocol/media-api.md §4). An empty value counts as left out,
 * because clients send such values. A parameter that cannot be honoured is refused, never ignored.
 * @throws SluiceError for the first invalid parameter, which the error names
 */
export function parseListing(query: Readonly<Record<string, unknown>>): AssetListing {
  const texts = readTexts(query);
  const { type, sort, path, fileType, limit, skip } = parameters;
  return {
    ...type(texts.get("type")),
    ...sort(texts.get("sort")),
    ...path(texts.get("path")),
    ...fileType(texts.get("fileType")),
    ...limit(texts.get("limit")),
    ...skip(texts.get("skip")),
  };
}

function readTexts(query: Readonly<Record<string, unknown>>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(query)) {
    if (!unsupported.includes(name) && !Object.hasOwn(parameters, name)) {
      throw unknownParameter(name, Object.keys(parameters));
    }
    if (typeof value !== "string") throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    if (value === "") continue;
    if (unsupported.includes(name)) throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: name });
    texts.set(name, value);
  }
  return texts;
}

function parseType(text: string): AssetListing["type"] {
  if (text === "file" || text === "file-version") return text;
  if (text === "folder" || text === "all") {
    throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: `type=${text}` });
  }
  throw new SluiceError("TYPE_INVALID");
}

function parseSort(text: string): AssetListing["sort"] {
  const match = /^(ASC|DESC)_(NAME|CREATED|UPDATED|HEIGHT|WIDTH|SIZE|RELEVANCE)$/.exec(text);
  if (match === null) throw new SluiceError("SORT_INVALID");
  // There is no relevance without a search.
  if (match[2] === "RELEVANCE") throw new SluiceError("PARAMETER_NOT_SUPPORTED", { parameter: `sort=${text}` });
  return { key: match[2] as SortKey, direction: match[1] === "ASC" ? "asc" : "desc" };
}

/**
 * Slashes at the ends are optional. Names are not cleaned as in uploads, since the client asks for exactly this folder.
 */
function parsePath(text: string): string {
  return `/${toNfc(text).split("/").filter(Boolean).join("/")}`;
}

function parseFileType(text: string): AssetListing["fileType"] {
  if (text === "all") return undefined;
  if (text === "image" || text === "non-image") return text;
  throw invalidParameter("fileType", "It must be all, image or non-image.");
}

function parseLimit(text: string): number {
  const limit = parseWholeNumber("limit", text);
  if (limit < 1) throw new SluiceError("LIMIT_TOO_SMALL", { value: limit });
  if (limit > maxLimit) throw new SluiceError("LIMIT_TOO_LARGE", { value: limit });
  return limit;
}

function parseSkip(text: string): number {
  const skip = parseWholeNumber("skip", text);
  if (skip < 0) throw new SluiceError("SKIP_TOO_SMALL", { value: skip });
  return skip;
}

function parseWholeNumber(parameter: string, text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw invalidParameter(parameter, "It must be a whole number.");
  return Number(text);
}
