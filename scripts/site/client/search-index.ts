import MiniSearch, { type Query, type SearchResult } from "minisearch";
import type { SearchSection } from "../search-sections.ts";

export interface Found extends SearchSection {
  /** The words of the section that have matched. */
  readonly terms: readonly string[];
}

/** A search of the sections of the site. It returns the best first. */
export type Search = (words: string) => readonly Found[];

/** The number of results that are shown. */
const maxResults = 24;

/** Words that stand for each other in a search. A word's beginning and its spelling need no synonyms. */
const synonyms: readonly (readonly string[])[] = [
  ["clear", "empty", "purge"],
  ["delete", "erase", "remove"],
  ["image", "photo", "picture"],
  ["layer", "overlay", "watermark"],
  ["login", "signing"],
  ["migrate", "move"],
];

const wordShape = /[\p{L}\p{N}]+(?:[_-][\p{L}\p{N}]+)*/gu;

/** Makes the index. It takes some tenths of a second, when somebody opens the search for the first time. */
export function openSearch(sections: readonly SearchSection[]): Search {
  const index = new MiniSearch<SearchSection & { id: number }>({
    fields: ["heading", "page", "text"],
    tokenize: (text) => wordsOf(text).flatMap(withParts),
    searchOptions: {
      boost: { heading: 4, page: 3 },
      prefix: (term) => term.length > 1,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      combineWith: "AND",
    },
  });
  const boostDocument = (id: number): number => sections[id]?.weight ?? 1;
  index.addAll(sections.map((section, id) => ({ ...section, heading: section.heading || section.page, id })));

  function found({ id, terms }: SearchResult): Found[] {
    const section = sections[id];
    return section === undefined ? [] : [{ ...section, terms }];
  }

  return (words) => {
    const queries = wordsOf(words).map(withSynonyms);
    const strict = index.search({ combineWith: "AND", queries }, { boostDocument });
    const results = strict.length > 0 ? strict : index.search({ combineWith: "OR", queries }, { boostDocument });
    return results.slice(0, maxResults).flatMap(found);
  };
}

function withSynonyms(word: string): Query {
  const same = synonyms.find((group) => group.includes(word.toLowerCase()));
  return same === undefined ? word : { combineWith: "OR", queries: [...same] };
}

function wordsOf(text: string): string[] {
  return text.match(wordShape) ?? [];
}

/** `max-file-size` is found as a whole and by each of its words. */
function withParts(word: string): string[] {
  const parts = word.split(/[_-]/);
  return parts.length === 1 ? parts : [word, ...parts];
}
