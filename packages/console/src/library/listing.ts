import { searchQueryOf } from "../search/search-query.ts";
import type { LibraryState } from "./library-state.ts";
import { standardSort } from "./library-state.ts";

/** The part of a request that says which files a view lists, and in which order. */
export interface Listing {
  readonly path?: string;
  readonly searchQuery?: string;
  readonly similarTo?: string;
  readonly duplicatesOf?: string;
  readonly sort?: string;
}

/** A folder's files, or what a search finds. */
export function listingOf(folder: string, state: LibraryState): Listing {
  const { q, everywhere, sort = standardSort, similar, duplicates } = state;
  // The closest pictures come first.
  if (similar !== undefined) return { similarTo: similar };
  if (duplicates !== undefined) return { duplicatesOf: duplicates, sort };
  if (q === undefined) return { path: folder, sort };
  return { searchQuery: searchQueryOf(q, everywhere ? undefined : folder), sort };
}

/** Whether a view shows one folder, rather than what a search has found. */
export function isFolderView({ q, similar, duplicates }: LibraryState): boolean {
  return q === undefined && similar === undefined && duplicates === undefined;
}
