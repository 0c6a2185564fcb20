/** A list or a search whose first page is measured. */
export interface ListCase {
  readonly what: string;
  readonly query: Readonly<Record<string, string>>;
  /** Measured, but held to no budget: no index has what is asked for, or much of it has to be gone through. */
  readonly isHard?: true;
  /** Held to the time of a first page, but not to the growth: what has to be compared grows with the library. */
  readonly grows?: true;
}

/** Stands for the id of one of the library's pictures. */
export const somePicture = "some-picture";

const search = (what: string, searchQuery: string, more: Readonly<Record<string, string>> = {}): ListCase => ({
  what,
  query: { searchQuery, limit: "50", ...more },
});

const threeTags = 'tags IN ["tag 3"] AND tags IN ["tag 5"] AND tags IN ["tag 8"]';

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
  {
    what: "list: a folder with a tenth of all files, by name",
    query: { limit: "100", path: "/seed/large", sort: "ASC_NAME" },
  },
  { what: "list: the largest files", query: { limit: "100", sort: "DESC_SIZE" } },
  search("search: a common tag and a narrow span of sizes", 'tags IN ["tag 0"] AND size > 100000 AND size < 102000'),
  { what: "search: similar pictures", query: { limit: "50", similarTo: somePicture }, grows: true },
  { ...search("search: three tags that few files have in common", threeTags), isHard: true },
  { ...search("search: a tag of 4 in 1000, by name", 'tags IN ["tag 100"]', { sort: "ASC_NAME" }), isHard: true },
  { what: "list: after 100,000 others", query: { limit: "50", skip: "100000" }, isHard: true },
];
