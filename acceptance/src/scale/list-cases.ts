/** A list or a search whose first page is measured. */
export interface ListCase {
  readonly what: string;
  readonly query: Readonly<Record<string, string>>;
}

const search = (what: string, searchQuery: string, more: Readonly<Record<string, string>> = {}): ListCase => ({
  what,
  query: { searchQuery, limit: "50", ...more },
});

/** Typical questions of applications. The values are those of `bench/src/library/random-files.ts`. */
export const listCases: readonly ListCase[] = [
  { what: "list: the first page", query: { limit: "100" } },
  { what: "list: the newest files", query: { limit: "100", sort: "DESC_CREATED" } },
  { what: "list: by name", query: { limit: "100", sort: "ASC_NAME" } },
  { what: "list: a folder of 500 files", query: { limit: "100", path: "/seed/f7" } },
  { what: "list: a folder with a tenth of all files", query: { limit: "100", path: "/seed/large" } },
  search("search: a name", 'name = "photo-7.txt"'),
  search("search: the beginning of a name", 'name : "kalo"'),
  search("search: words of names", 'name HAS "loka mi"'),
  search("search: a common tag, newest first", 'tags IN ["tag 3"]', { sort: "DESC_CREATED" }),
  search("search: a rare tag", 'tags IN ["rare 1220"]'),
  search("search: files of the last weeks", 'type = "file" AND createdAt > "2025-12-15"', { sort: "DESC_CREATED" }),
  search("search: large pictures", "format = png AND size > 5mb", { sort: "DESC_SIZE" }),
  search("search: a tag below a folder", 'path : "/seed/large" AND tags IN ["tag 40"]'),
  search("search: a number of custom metadata", '"customMetadata.rating" >= 99.9'),
  search("search: an option and a span of time", '"customMetadata.client" = "Client 7" AND createdAt < 2023-06-01'),
  search("search: around a place", '"embeddedMetadata.LocationTaken" = "48.85,2.35 30km"'),
];
