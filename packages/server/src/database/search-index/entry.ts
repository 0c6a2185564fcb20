import { searchWords } from "@sluice/grammar";
import { parseIsoDate } from "../../text/iso-date.ts";
import { type EmbeddedFacts, embeddedFacts } from "./embedded-facts.ts";
import { formatOf } from "./formats.ts";
import { type IndexEntry, type IndexRow, type IndexValue, kinds } from "./row.ts";
import type { FolderSource, VersionSource } from "./sources.ts";
import {
  customTerms,
  exceptionTerms,
  formatTerm,
  keywordTerm,
  numberOf,
  storable,
  tagTerm,
  tagWordTerm,
  takenTerm,
  wordsColumn,
  wordTerm,
} from "./terms.ts";

type Scalar = string | number | boolean;

/** The values of an asset's custom metadata, and the terms that find them. */
interface CustomTerms {
  readonly values: readonly IndexValue[];
  readonly terms: readonly string[];
}

/** An empty text or list is no value. */
const isEmpty = (value: unknown): boolean => value === "" || (Array.isArray(value) && value.length === 0);

/**
 * The meaning of a value depends on its field's type. A text is written as all that it may mean, so that nothing needs to be
 * written again when a field is created: the search asks for what its field means.
 */
export function termsOfCustomMetadata(json: string): CustomTerms {
  const values: IndexValue[] = [];
  const terms: string[] = [];
  for (const [field, value] of Object.entries(JSON.parse(json) as Record<string, Scalar | readonly Scalar[]>)) {
    if (isEmpty(value)) continue;
    const items = (Array.isArray(value) ? value : [value]) as readonly Scalar[];
    for (const item of items) terms.push(...termsOfItem(field, item));
    values.push(Array.isArray(value) ? { field, ...noValue } : { field, ...columnsOf(items[0] as Scalar) });
  }
  return { values, terms };
}

const noValue = { text: null, words: null, number: null, time: null } as const;

function columnsOf(value: Scalar): Omit<IndexValue, "field"> {
  if (typeof value !== "string") {
    return { ...noValue, text: String(value), number: typeof value === "number" ? value : null };
  }
  return {
    text: storable(value),
    words: wordsColumn(searchWords(value)),
    number: numberOf(value) ?? null,
    time: parseIsoDate(value) ?? null,
  };
}

function termsOfItem(field: string, item: Scalar): string[] {
  const { text, number, time } = columnsOf(item);
  return [
    customTerms.text(field, text ?? ""),
    ...(number === null ? [] : [customTerms.number(field, number)]),
    ...(time === null ? [] : [customTerms.time(field, time)]),
  ];
}

const nothing = {
  ...{ file_id: null, version_id: null, size: null, width: null, height: null, is_image: null, format: null },
  ...{ is_private: null, is_published: null, has_alpha: null, tag_words: null, has_keywords: null, taken_at: null },
  ...{ latitude: null, longitude: null, place_x: null, place_y: null, place_z: null, terms: null },
} as const;

const noEmbeddedFacts: EmbeddedFacts = { columns: {}, keywords: [], terms: [] };
const noCustomTerms: CustomTerms = { values: [], terms: [] };

export function entryOfFolder(folder: FolderSource): IndexEntry {
  const { id, account_id, name, created_at, updated_at } = folder;
  const place = { scope: 0, kind: kinds.folder, id, account_id, folder_id: folder.parent_id } as const;
  const words = wordsColumn(searchWords(name));
  return { row: { ...nothing, ...place, name, words, created_at, updated_at }, values: [] };
}

/** A file's current version is the file, with the file's id and time. Any other version is an old one. */
export function entryOfVersion(version: VersionSource): IndexEntry {
  const isCurrent = version.id === version.current_version_id;
  const tags = tagsOf(version);
  const embedded = version.embedded_metadata === null ? noEmbeddedFacts : embeddedFacts(version.embedded_metadata);
  const custom = version.custom_metadata === null ? noCustomTerms : termsOfCustomMetadata(version.custom_metadata);
  const tagWords = tags.flatMap(searchWords);
  const terms = [
    ...tags.map(tagTerm),
    ...tagWords.map(tagWordTerm),
    ...embedded.keywords.map(keywordTerm),
    ...embedded.terms,
    ...custom.terms,
  ];
  const row: IndexRow = {
    ...nothing,
    ...embedded.columns,
    scope: isCurrent ? 0 : 1,
    id: isCurrent ? version.file_id : version.id,
    account_id: version.account_id,
    kind: isCurrent ? kinds.file : kinds["file-version"],
    file_id: version.file_id,
    version_id: version.id,
    folder_id: version.folder_id,
    name: version.name,
    words: wordsColumn(searchWords(version.name)),
    created_at: isCurrent ? version.file_created_at : version.created_at,
    updated_at: version.updated_at,
    size: version.size,
    width: version.width,
    height: version.height,
    is_image: version.kind === "picture" ? 1 : 0,
    format: formatOf(version),
    is_private: version.is_private_file,
    is_published: version.is_published,
    has_alpha: version.has_alpha,
    tag_words: tags.length === 0 ? null : wordsColumn(tagWords),
    has_keywords: embedded.keywords.length > 0 ? 1 : null,
    terms: terms.length === 0 ? null : JSON.stringify([...new Set(terms)]),
  };
  return { row, values: custom.values };
}

/** All terms of a row, each once. They follow from the row alone, so that a removal finds them again. */
export function termsOf(row: IndexRow): ReadonlySet<string> {
  const terms = new Set(row.words.split(" ").filter(Boolean).map(wordTerm));
  // Most names end with their format, which is a word of the name then.
  if (row.format !== null && !terms.has(wordTerm(row.format))) terms.add(formatTerm(row.format));
  if (row.taken_at !== null) terms.add(takenTerm(row.taken_at));
  if (row.is_published === 0) terms.add(exceptionTerms.draft);
  if (row.is_private === 1) terms.add(exceptionTerms.private);
  if (row.has_alpha === 1) terms.add(exceptionTerms.alpha);
  if (row.terms !== null) for (const term of JSON.parse(row.terms) as string[]) terms.add(term);
  return terms;
}

/** The texts that a search for tags compares: the tags, and the names of the AI tags. */
function tagsOf({ tags, ai_tags: aiTags }: VersionSource): string[] {
  const own = tags === null ? [] : (JSON.parse(tags) as string[]);
  const found = aiTags === null ? [] : (JSON.parse(aiTags) as { readonly name: string }[]).map(({ name }) => name);
  return [...new Set([...own, ...found].map(storable))];
}
