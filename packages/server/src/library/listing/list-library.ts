import { hasTypeClause, parseSearchQuery, type SearchQuery, SearchQueryError } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection } from "../../database/database.ts";
import { type AssetRow, findCurrentAsset } from "../../database/repositories/assets.ts";
import { findDominantColors, findPictureHash } from "../../database/repositories/picture-hashes.ts";
import { type CountQuery, countByParts } from "../../database/search-index/search/count-objects.ts";
import type { Criteria, Criterion, SimilarContent } from "../../database/search-index/search/criteria.ts";
import { type FoundRow, findPage, scopesOf } from "../../database/search-index/search/find-page.ts";
import type { Position } from "../../database/search-index/search/order.ts";
import { type FoundObject, readObjects } from "../../database/search-index/search/read-objects.ts";
import { invalidParameter } from "../../text/parameter.ts";
import type { CustomFields } from "../custom-metadata/custom-fields.ts";
import type { CustomField } from "../custom-metadata/field.ts";
import { findSimilarBlobs, hashedShare } from "../similar/similar-blobs.ts";
import { writeCursor } from "./cursor.ts";
import type { AskedSimilarity, ListedType, Listing } from "./parse-listing.ts";

/** Says nearly how many objects meet the criteria, without looking at all of them. */
async function estimateCount(reader: Connection, query: CountQuery, signal: AbortSignal): Promise<number> {
  const { examined, matching, total } = await countByParts(reader, query, signal);
  return examined === total ? matching : Math.round((matching / Math.max(1, examined)) * total);
}

/** The facts that a listing's meaning depends on besides its parameters. */
interface ListingFacts {
  readonly customFields: () => Promise<readonly CustomField[]>;
  /** The blob of the file that `duplicatesOf` names. @throws SluiceError FILE_NOT_FOUND */
  readonly contentOf: (fileId: string) => Promise<string>;
  /** The contents that `similarTo` asks for. @throws SluiceError FILE_NOT_FOUND, PARAMETER_INVALID */
  readonly similarTo: (asked: AskedSimilarity) => Promise<SimilarContent["groups"]>;
  readonly now: number;
}

const typesOf: Readonly<Record<ListedType, readonly ("file" | "file-version" | "folder")[]>> = {
  file: ["file"],
  "file-version": ["file-version"],
  folder: ["folder"],
  all: ["file", "folder"],
};

/**
 * Says what an object has to meet to be in the list. Parameters and searchQuery become one language.
 * @throws SluiceError SEARCH_QUERY_INVALID, FILE_NOT_FOUND
 */
async function criteriaOf(listing: Listing, facts: ListingFacts): Promise<Criteria> {
  const operands: Criteria[] = [];
  const among = <Value>(field: "type" | "name" | "tags" | "path", values: readonly Value[]) =>
    operands.push({
      kind: "condition",
      field,
      negated: false,
      test: { kind: "among", values },
    } as unknown as Criterion);
  const { searchQuery, folderPath, fileType, name, tags, duplicatesOf, similarTo } = listing;
  if (searchQuery === undefined) {
    among("type", typesOf[listing.includeFolder && listing.type === "file" ? "all" : listing.type]);
    if (name !== undefined) among("name", [name]);
    if (tags !== undefined) among("tags", tags);
  } else {
    const query = await parseQuery(searchQuery, facts);
    if (!hasTypeClause(query)) among("type", ["file", "folder"]);
    operands.push(query);
  }
  if (folderPath !== undefined) among("path", [folderPath]);
  if (fileType !== undefined) {
    operands.push({ kind: "condition", field: "isImage", negated: false, value: fileType === "image" });
  }
  if (duplicatesOf !== undefined) {
    const blobId = await facts.contentOf(duplicatesOf);
    operands.push({ kind: "condition", field: "content", negated: false, blobId });
  }
  if (similarTo !== undefined) {
    const groups = await facts.similarTo(similarTo);
    operands.push({ kind: "condition", field: "similar", negated: false, groups });
  }
  return { kind: "and", operands };
}

async function parseQuery(text: string, { customFields, now }: ListingFacts): Promise<SearchQuery> {
  const fields = text.includes("customMetadata") ? await customFields() : [];
  try {
    return parseSearchQuery(text, {
      customFields: new Map(fields.map(({ name, schema }) => [name, schema.type])) as never,
      now,
    });
  } catch (error) {
    if (!(error instanceof SearchQueryError)) throw error;
    throw new SluiceError("SEARCH_QUERY_INVALID", { position: error.position, problem: error.problem });
  }
}

interface ListDeps {
  readonly reader: Connection;
  readonly customFields: Pick<CustomFields, "of">;
  readonly now: () => number;
}

export interface ListedPage {
  readonly objects: readonly FoundObject[];
  readonly nextCursor: string | undefined;
  readonly previousCursor: string | undefined;
  /** The number of objects on all pages, nearly; undefined where it isn't asked for. */
  readonly count: number | undefined;
  /** The share of the account's contents in which `similarTo` can find anything; undefined without it. */
  readonly hashedShare: number | undefined;
  /** The dominant colours of the page's pictures by their blobs. It is empty where they aren't asked for. */
  readonly colors: ReadonlyMap<string, string>;
}

/** A list of old versions beside other types is merged from two, so what it skips is looked at. */
const maxSkipOfMixedTypes = 10_000;

/**
 * Lists one page of the account's library (docs/protocol/media-api.md §4).
 * @throws SluiceError SEARCH_QUERY_INVALID, FILE_NOT_FOUND, PARAMETER_INVALID; the signal's reason
 */
export async function listLibrary(
  { reader, customFields, now }: ListDeps,
  viewer: Viewer,
  listing: Listing,
  signal: AbortSignal,
): Promise<ListedPage> {
  const { sort, limit, skip, cursor } = listing;
  const criteria = await criteriaOf(listing, {
    customFields: () => customFields.of(viewer.accountId),
    contentOf: async (fileId) => (await currentAsset(reader, viewer, fileId)).blob_id,
    similarTo: (asked) => similarContent(reader, viewer, asked, signal),
    now: now(),
  });
  if (skip > maxSkipOfMixedTypes && scopesOf({ viewer, criteria }).length > 1) {
    const problem = `A list of old versions and other types skips at most ${maxSkipOfMixedTypes}; use cursor instead.`;
    throw invalidParameter("skip", problem);
  }
  const from = cursor ?? startOf(listing);
  const query = { viewer, criteria, sort, limit, skip, from };
  const { rows, hasMore } = await findPage(reader, query, signal);
  const backwards = cursor?.towards === "previous";
  const isFirst = cursor === undefined && skip === 0 && listing.startAt === undefined;
  const cursorAt = (row: FoundRow | undefined, towards: "next" | "previous", isThere: boolean) =>
    row === undefined || !isThere ? undefined : writeCursor(sort, { position: row, towards });
  const objects = await readObjects(reader, viewer, rows);
  return {
    objects,
    colors: listing.includesColor ? await findDominantColors(reader, viewer, picturesAmong(objects)) : new Map(),
    nextCursor: cursorAt(rows.at(-1), "next", backwards || hasMore),
    previousCursor: cursorAt(rows[0], "previous", backwards ? hasMore : !isFirst),
    hashedShare: listing.similarTo && (await hashedShare(reader, viewer)),
    count: listing.counts ? await estimateCount(reader, { viewer, criteria }, signal) : undefined,
  };
}

/** The ids of the blobs of pictures. */
function picturesAmong(objects: readonly FoundObject[]): readonly string[] {
  return objects.flatMap((object) =>
    object.kind === "file" && object.asset.kind === "picture" ? [object.asset.blob_id] : [],
  );
}

/** The position just before all objects with the key that the list starts at. Ids are hexadecimal digits. */
function startOf({ startAt, sort }: Listing): { readonly position: Position; readonly towards: "next" } | undefined {
  if (startAt === undefined) return undefined;
  const id = sort.direction === "asc" ? "" : "~";
  return { position: { phase: 0, key: startAt, id, scope: 0 }, towards: "next" };
}

async function currentAsset(reader: Connection, viewer: Viewer, fileId: string): Promise<AssetRow> {
  const asset = await findCurrentAsset(reader, viewer, fileId);
  if (asset === undefined) throw new SluiceError("FILE_NOT_FOUND");
  return asset;
}

/** Finds nothing as long as the picture itself is not hashed, or where it can't be decoded. */
async function similarContent(
  reader: Connection,
  viewer: Viewer,
  { fileId, distance }: AskedSimilarity,
  signal: AbortSignal,
): Promise<SimilarContent["groups"]> {
  const asset = await currentAsset(reader, viewer, fileId);
  if (asset.kind !== "picture") throw invalidParameter("similarTo", "It must name a picture.");
  const hash = await findPictureHash(reader, asset.blob_id);
  if (hash === undefined) return [];
  const similar = await findSimilarBlobs(reader, viewer, { hash, distance }, signal);
  const groups = Map.groupBy(similar, (blob) => blob.distance);
  return [...groups].map(([apart, blobs]) => ({ distance: apart, blobIds: blobs.map(({ id }) => id) }));
}
