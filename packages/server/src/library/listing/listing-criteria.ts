import { hasTypeClause, parseSearchQuery, type SearchQuery, SearchQueryError } from "@sluice/grammar";
import { SluiceError } from "@sluice/protocol";
import type { Criteria, Criterion, SimilarContent } from "../../database/catalogue/search/criteria.ts";
import type { CustomField } from "../custom-metadata/field.ts";
import type { AskedSimilarity, ListedType, Listing } from "./parse-listing.ts";

/** The facts that a listing's meaning depends on besides its parameters. */
export interface ListingFacts {
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
export async function criteriaOf(listing: Listing, facts: ListingFacts): Promise<Criteria> {
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
