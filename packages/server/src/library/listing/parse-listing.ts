import { toNfc } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Position, Sort, SortKey } from "../../database/search-index/search/order.ts";
import { parseIsoDate } from "../../text/iso-date.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { defaultDistance, maxDistance } from "../similar/similar-blobs.ts";
import { type Cursor, readCursor } from "./cursor.ts";

const maxLimit = 1000;
/** No value of `tags` holds more tags than this. */
const maxTags = 100;

export type ListedType = "file" | "file-version" | "folder" | "all";

/** The file whose picture others are compared with, and the number of bits in which their hashes may differ. */
export interface AskedSimilarity {
  readonly fileId: string;
  readonly distance: number;
}

/** The parameters of `GET /v1/files`, each in its own form. */
export interface Listing {
  readonly type: ListedType;
  readonly sort: Sort;
  /** Only this folder, without its subfolders; undefined for the whole library. */
  readonly folderPath: string | undefined;
  readonly fileType: "image" | "non-image" | undefined;
  readonly limit: number;
  readonly skip: number;
  readonly searchQuery: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly name: string | undefined;
  readonly includeFolder: boolean;
  /** Files of equal content with this one. */
  readonly duplicatesOf: string | undefined;
  readonly similarTo: AskedSimilarity | undefined;
  readonly cursor: Cursor | undefined;
  /** The page opens at the first object whose key is this one or comes after it. */
  readonly startAt: Position["key"] | undefined;
  readonly counts: boolean;
  /** Whether files are listed with their dominant colour. */
  readonly includesColor: boolean;
}

type Texts = ReadonlyMap<string, string>;

/** Turns each query parameter into a part of the listing. The parser holds the parameter's default. */
const parameters = {
  type: (text = "file") => ({ type: parseType(text) }),
  sort: (_: string | undefined, texts: Texts) => ({ sort: sortOf(texts) }),
  path: (text?: string) => ({ folderPath: text === undefined ? undefined : parsePath(text) }),
  fileType: (text = "all") => ({ fileType: parseFileType(text) }),
  limit: (text = String(maxLimit)) => ({ limit: parseLimit(text) }),
  skip: (text = "0") => ({ skip: parseSkip(text) }),
  searchQuery: (text?: string) => ({ searchQuery: text }),
  tags: (text?: string) => ({ tags: text === undefined ? undefined : parseTags(text) }),
  name: (text?: string) => ({ name: text === undefined ? undefined : toNfc(text) }),
  includeFolder: (text = "false") => ({ includeFolder: parseFlag("includeFolder", text) }),
  duplicatesOf: (text?: string) => ({
    duplicatesOf: text === undefined ? undefined : parseFileId("duplicatesOf", text),
  }),
  similarTo: (text?: string) => ({ similarTo: text === undefined ? undefined : parseSimilarTo(text) }),
  cursor: (text: string | undefined, texts: Texts) => ({ cursor: parseCursor(text, texts) }),
  startAt: (text: string | undefined, texts: Texts) => ({ startAt: parseStart(text, texts) }),
  count: (text?: string) => ({ counts: parseCount(text) }),
  include: (text?: string) => ({ includesColor: parseInclude(text) }),
} as const satisfies { readonly [name: string]: (text: string | undefined, texts: Texts) => Partial<Listing> };

/** Parameters that a searchQuery makes meaningless (docs/protocol/media-api.md §4). */
const ignoredWithQuery: readonly string[] = ["type", "tags", "name", "includeFolder"];

/**
 * Turns the query of `GET /v1/files` into a listing (docs/protocol/media-api.md §4). An empty value counts as left out,
 * because clients send such values. Beside a searchQuery some parameters are left out as the vendor leaves them out.
 * @throws SluiceError for the first invalid parameter, which the error names
 */
export function parseListing(query: Readonly<Record<string, unknown>>): Listing {
  const texts = readTexts(query);
  if (texts.has("searchQuery")) for (const name of ignoredWithQuery) texts.delete(name);
  const parts = Object.entries(parameters).map(([name, parse]) => parse(texts.get(name), texts));
  return Object.assign({}, ...parts) as Listing;
}

function readTexts(query: Readonly<Record<string, unknown>>): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(query)) {
    if (!Object.hasOwn(parameters, name)) throw unknownParameter(name, Object.keys(parameters));
    if (typeof value !== "string") throw new SluiceError("PARAMETER_REPEATED", { parameter: name });
    if (value.includes("\0")) throw invalidParameter(name, "It must not contain the character U+0000.");
    if (value !== "") texts.set(name, value);
  }
  return texts;
}

function parseType(text: string): ListedType {
  if (text === "file" || text === "file-version" || text === "folder" || text === "all") return text;
  throw new SluiceError("TYPE_INVALID");
}

export function parseSort(text: string): Sort {
  const match = /^(ASC|DESC)_(NAME|CREATED|UPDATED|HEIGHT|WIDTH|SIZE|RELEVANCE)$/.exec(text);
  if (match === null) throw new SluiceError("SORT_INVALID");
  return { key: match[2] as SortKey, direction: match[1] === "ASC" ? "asc" : "desc" };
}

/**
 * Slashes at the ends are optional. Names are not cleaned as in uploads, since the client asks for exactly this folder.
 */
export function parsePath(text: string): string {
  return `/${toNfc(text).split("/").filter(Boolean).join("/")}`;
}

function parseFileType(text: string): Listing["fileType"] {
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

function parseTags(text: string): readonly string[] {
  const tags = [...new Set(text.split(",").map((tag) => toNfc(tag.trim())))].filter((tag) => tag !== "");
  if (tags.length > maxTags) throw invalidParameter("tags", `It must name at most ${maxTags} tags.`);
  return tags;
}

function parseFlag(parameter: string, text: string): boolean {
  if (text !== "true" && text !== "false") throw invalidParameter(parameter, "It must be true or false.");
  return text === "true";
}

/** Similar pictures come with the closest first, unless the client asks for another order. */
function sortOf(texts: Texts): Sort {
  return parseSort(texts.get("sort") ?? (texts.has("similarTo") ? "DESC_RELEVANCE" : "ASC_CREATED"));
}

function parseFileId(parameter: string, text: string): string {
  if (/^[0-9a-f]{24}$/.test(text)) return text;
  throw invalidParameter(parameter, "It must be a fileId.");
}

function parseSimilarTo(text: string): AskedSimilarity {
  const [fileId = "", bits = String(defaultDistance), ...more] = text.split(",");
  const distance = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (more.length > 0 || !(distance <= maxDistance)) {
    throw invalidParameter(
      "similarTo",
      `It must be a fileId, or fileId,distance with a distance from 0 to ${maxDistance}.`,
    );
  }
  return { fileId: parseFileId("similarTo", fileId), distance };
}

function parseCursor(text: string | undefined, texts: Texts): Cursor | undefined {
  if (text === undefined) return undefined;
  for (const other of ["skip", "startAt"]) {
    if (texts.has(other)) throw invalidParameter("cursor", `A cursor and ${other} exclude each other.`);
  }
  const cursor = readCursor(sortOf(texts), text);
  if (cursor !== undefined) return cursor;
  throw invalidParameter("cursor", "It must be an x-next-cursor or x-previous-cursor of the same sort.");
}

function parseStart(text: string | undefined, texts: Texts): Position["key"] | undefined {
  if (text === undefined) return undefined;
  const { key } = sortOf(texts);
  if (key === "NAME") return toNfc(text);
  const start = key === "CREATED" || key === "UPDATED" ? parseIsoDate(text) : Number(text);
  if (key !== "RELEVANCE" && start !== undefined && Number.isSafeInteger(start)) return start;
  throw invalidParameter(
    "startAt",
    "It must be a value of the sort's key: a name, an ISO 8601 date or a whole number.",
  );
}

function parseCount(text?: string): boolean {
  if (text === undefined || text === "none") return false;
  if (text === "estimate") return true;
  throw invalidParameter("count", "It must be none or estimate.");
}

function parseInclude(text?: string): boolean {
  if (text === undefined || text === "none") return false;
  if (text === "dominantColor") return true;
  throw invalidParameter("include", "It must be none or dominantColor.");
}
