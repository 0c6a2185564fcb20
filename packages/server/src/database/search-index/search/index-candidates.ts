import type { CustomCondition, PlainCondition, SearchTests } from "@sluice/grammar";
import { sql } from "kysely";
import {
  beginningOf,
  cellAt,
  cellsPerDegree,
  customTerms,
  exceptionTerms,
  formatTerm,
  keywordTerm,
  tagTerm,
  takenTerm,
  termKinds,
  wordTerm,
} from "../terms.ts";
import { inRange, oneOf, type Sql, unionAll } from "./conditions-sql.ts";
import type { Criterion } from "./criteria.ts";
import { isBelow, optionTerm, type SearchScope, versionTests } from "./filter.ts";
import type { AnyTest, Words } from "./ranges.ts";
import { type Range, spanRange, textsBeginning, wholeNumbers } from "./ranges.ts";

/** Finds at least all objects that pass a test, by one range of an index or a few. */
export interface IndexCandidates {
  /** A query for `id` and `created_at`. An id may come more than once. */
  readonly query: Sql;
  /** Whether the index has the times of creation. Otherwise `created_at` is 0. */
  readonly isTimed: boolean;
  /** The only term whose list this is. */
  readonly term?: string | undefined;
}

/**
 * Queries that find what passes the test by an index. Each of them finds all of it, so the shortest one is enough.
 * @returns nothing where no index does
 */
export function indexCandidatesOf(condition: Criterion, place: SearchScope): readonly IndexCandidates[] {
  if (condition.negated) return [];
  if (condition.field === "isImage") return [];
  if (condition.field === "content") return [withContent([condition.blobId], place)];
  if (condition.field === "similar") {
    return [
      withContent(
        condition.groups.flatMap(({ blobIds }) => blobIds),
        place,
      ),
    ];
  }
  if (condition.field === "customMetadata") return customCandidates(condition, place);
  const find = finders[condition.field] as
    | ((test: AnyTest, place: SearchScope) => readonly IndexCandidates[])
    | undefined;
  return find?.(condition.test, place) ?? [];
}

type Finder<Field extends PlainCondition["field"]> = (
  test: SearchTests[Field],
  place: SearchScope,
) => readonly IndexCandidates[];

const finders: { readonly [Field in PlainCondition["field"]]?: Finder<Field> } = {
  name: (test, place) => {
    if (test.kind === "words") return withWords(termKinds.nameWord, test, place);
    const range = test.kind === "among" ? oneOf(sql`name`, test.values) : inRange(sql`name`, textsBeginning(test.text));
    return [inSearchIndex(range, place)];
  },
  tags: (test, place) => {
    if (test.kind === "words") return withWords(termKinds.tagWord, test, place);
    return [test.kind === "exists" ? ofKind(termKinds.tag, place) : withTerms(test.values.map(tagTerm), place)];
  },
  type: ({ values }, { viewer }) =>
    values.every((type) => type === "folder")
      ? [timed(sql`select id, created_at from folders where account_id = ${viewer.accountId}`)]
      : [],
  id: ({ values }, { viewer, scope }) => [
    timed(
      scope === 0
        ? sql`select id, created_at from catalogue
            where scope = 0 and ${oneOf(sql`id`, values)} and account_id = ${viewer.accountId}`
        : sql`select id, created_at from catalogue where scope = 1 and ${oneOf(sql`file_id`, values)}`,
    ),
  ],
  path: (test, { viewer, scope }) => {
    if (test.kind === "below" && test.folder === "/") return [];
    const paths = test.kind === "below" ? isBelow(test.folder) : oneOf(sql`folders.path`, test.values);
    return [
      timed(sql`select id, created_at from catalogue where scope = ${sql.lit(scope)} and folder_id in
        (select folders.id from folders where folders.account_id = ${viewer.accountId} and (${paths}))`),
    ];
  },
  createdAt: ({ spans }, place) => [
    union(spans.map((span) => inSearchIndex(inRange(sql`created_at`, spanRange(span)), place, false).query)),
  ],
  updatedAt: ({ spans }, place) => [
    union(spans.map((span) => inSearchIndex(inRange(sql`updated_at`, spanRange(span)), place).query)),
  ],
  width: (test, place) => [wholeCandidates("width", test, place)],
  height: (test, place) => [wholeCandidates("height", test, place)],
  size: (test, place) => [wholeCandidates("size", test, place)],
  duration: (test, place) => [inVersions(versionTests.duration(test), place)],
  bitRate: (test, place) => [inVersions(versionTests.bitRate(test), place)],
  videoCodec: (test, place) => [inVersions(versionTests.videoCodec(test), place)],
  audioCodec: (test, place) => [inVersions(versionTests.audioCodec(test), place)],
  format: ({ values }, place) => [
    withTerms(
      values.flatMap((format) => [formatTerm(format), wordTerm(format)]),
      place,
    ),
  ],
  private: ({ values }, place) => (values.includes(false) ? [] : [withTerms([exceptionTerms.private], place)]),
  published: ({ values }, place) => (values.includes(true) ? [] : [withTerms([exceptionTerms.draft], place)]),
  transparency: ({ values }, place) => (values.includes(false) ? [] : [withTerms([exceptionTerms.alpha], place)]),
  createdBy: () => [union([])],
  "embeddedMetadata.Keywords": (test, place) => [
    test.kind === "exists" ? ofKind(termKinds.keyword, place) : withTerms(test.values.map(keywordTerm), place),
  ],
  "embeddedMetadata.DateTimeOriginal": (test, place) => [
    test.kind === "exists"
      ? ofKind(termKinds.takenAt, place)
      : inTermRanges(
          test.spans.map((span) => termRange(termKinds.takenAt, spanRange(span), takenTerm)),
          place,
        ),
  ],
  "embeddedMetadata.LocationTaken": (test, place) => {
    if (test.kind === "exists") return [ofKind(termKinds.place, place)];
    const cells = cellsOf(test.area);
    return cells === undefined ? [] : [inTermRanges(cells, place)];
  },
};

function customCandidates({ name, test }: CustomCondition, place: SearchScope): readonly IndexCandidates[] {
  const kind = (term: typeof customTerms.number) => term(name, 0).slice(0, -16);
  switch (test.kind) {
    case "options":
      return [
        withTerms(
          test.keys.map((key) => optionTerm(name, key)),
          place,
        ),
      ];
    case "among": {
      const values: readonly (string | number | boolean)[] = test.values;
      const terms = values.map((value) =>
        typeof value === "number" ? customTerms.number(name, value) : customTerms.text(name, String(value)),
      );
      return [withTerms(terms, place)];
    }
    case "relation": {
      // A superset: the value itself may be there.
      const term = customTerms.number(name, test.value);
      const [first, end] = [kind(customTerms.number), textsBeginning(kind(customTerms.number)).before];
      const range = test.operator.startsWith("<") ? { from: first, before: `${term}~` } : { from: term, before: end };
      return [inTermRanges([range], place)];
    }
    case "spans": {
      const termOf = (time: number) => customTerms.time(name, time);
      return [
        inTermRanges(
          test.spans.map((span) => termRange(kind(customTerms.time), spanRange(span), termOf)),
          place,
        ),
      ];
    }
    case "beginning":
      return [inTermRanges([textsBeginning(beginningOf(fieldTexts(name), test.text))], place)];
    default:
      return [ofKind(fieldTexts(name), place)];
  }
}

/** The terms that each have to be there for the test, where single terms are the whole of it. */
export function singleTermsOf(condition: Criterion): readonly string[] {
  if (condition.negated || !("test" in condition)) return [];
  const { field, test } = condition;
  const only = test.kind === "among" && test.values.length === 1 ? test.values[0] : undefined;
  if (field === "name" && test.kind === "words") return test.whole.map((word) => termKinds.nameWord + word);
  if (field === "tags" && test.kind === "words") return test.whole.map((word) => termKinds.tagWord + word);
  if (field === "tags" && only !== undefined) return [tagTerm(String(only))];
  if (field === "embeddedMetadata.Keywords" && only !== undefined) return [keywordTerm(String(only))];
  if (field === "private" && only === true) return [exceptionTerms.private];
  if (field === "published" && only === false) return [exceptionTerms.draft];
  if (field === "transparency" && only === true) return [exceptionTerms.alpha];
  if (field !== "customMetadata") return [];
  if (test.kind === "options" && test.keys.length === 1) return test.keys.map((key) => optionTerm(condition.name, key));
  if (typeof only === "number") return [customTerms.number(condition.name, only)];
  return only === undefined ? [] : [customTerms.text(condition.name, String(only))];
}

/** Every value has a term of this kind. */
const fieldTexts = (name: string): string => customTerms.text(name, "");

function withContent(blobIds: readonly string[], { scope }: SearchScope): IndexCandidates {
  return ofVersions(oneOf(sql`versions.blob_id`, blobIds), scope);
}

function inVersions(condition: Sql, { viewer, scope }: SearchScope): IndexCandidates {
  return ofVersions(sql`versions.account_id = ${viewer.accountId} and ${condition}`, scope);
}

/** Finds the files of old versions as well, which the filter leaves out. */
function ofVersions(condition: Sql, scope: SearchScope["scope"]): IndexCandidates {
  const id = sql.ref(scope === 0 ? "file_id" : "id");
  return { query: sql`select ${id} as id, 0 as created_at from versions where ${condition}`, isTimed: false };
}

function withWords(kind: string, { whole, beginning }: Words, place: SearchScope): readonly IndexCandidates[] {
  return [
    ...whole.map((word) => withTerms([kind + word], place)),
    inTermRanges([textsBeginning(kind + beginning)], place),
  ];
}

/** @param isSettled whether the index of the condition has settled rows only */
export function inSearchIndex(condition: Sql, { viewer, scope }: SearchScope, isSettled = true): IndexCandidates {
  return timed(sql`select id, created_at from catalogue
    where account_id = ${viewer.accountId} and scope = ${sql.lit(scope)} ${isSettled ? sql`and settled = 1` : sql``}
    and (${condition})`);
}

function timed(query: Sql): IndexCandidates {
  return { query, isTimed: true };
}

function wholeCandidates(
  column: "width" | "height" | "size",
  test: SearchTests["size"],
  place: SearchScope,
): IndexCandidates {
  const range =
    test.kind === "among"
      ? oneOf(sql.ref(column), test.values.filter(Number.isSafeInteger))
      : inRange(sql.ref(column), wholeNumbers(test));
  return inSearchIndex(range, place);
}

function ofTerms(condition: Sql, { viewer, scope }: SearchScope): IndexCandidates {
  return timed(sql`select id, created_at from catalogue_terms
    where account_id = ${viewer.accountId} and scope = ${sql.lit(scope)} and ${condition}`);
}

function withTerms(terms: readonly string[], place: SearchScope): IndexCandidates {
  const [only, ...more] = terms;
  return { ...ofTerms(oneOf(sql`term`, terms), place), term: more.length === 0 ? only : undefined };
}

function inTermRanges(ranges: readonly Range<string>[], place: SearchScope): IndexCandidates {
  return union(ranges.map((range) => ofTerms(inRange(sql`term`, range), place).query));
}

function ofKind(kind: string, place: SearchScope): IndexCandidates {
  return inTermRanges([textsBeginning(kind)], place);
}

function termRange(kind: string, { from, before }: Range<number>, termOf: (value: number) => string): Range<string> {
  return {
    from: from === undefined ? kind : termOf(from),
    before: before === undefined ? textsBeginning(kind).before : termOf(before),
  };
}

function union(queries: readonly Sql[]): IndexCandidates {
  return timed(unionAll(queries));
}

/** In more rows of the grid than these, an area has too much of the world to be looked for so. */
const maxGridRows = 60;
const metresPerDegree = 111_000;

type Area = Extract<SearchTests["embeddedMetadata.LocationTaken"], { readonly kind: "area" }>["area"];

/** The cells that an area touches, as a range of terms for each row of the grid. */
function cellsOf(area: Area): readonly Range<string>[] | undefined {
  const { south, north, west, east } = area.shape === "box" ? area : boxAround(area);
  const cell = (degrees: number): number => Math.floor(degrees * cellsPerDegree);
  const [first, last] = [cell(south + 90), cell(north + 90)];
  if (last - first >= maxGridRows) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    from: cellAt(first + index, cell(west + 180)),
    before: `${cellAt(first + index, cell(east + 180))}~`,
  }));
}

function boxAround({ latitude, longitude, metres }: Extract<Area, { readonly shape: "circle" }>) {
  const height = (metres / metresPerDegree) * 1.01;
  const [south, north] = [Math.max(-90, latitude - height), Math.min(90, latitude + height)];
  const narrowest = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180);
  const width = narrowest < 0.01 ? 360 : height / narrowest;
  // Across the 180th meridian the whole row is looked through.
  const crosses = longitude - width < -180 || longitude + width > 180;
  return { south, north, west: crosses ? -180 : longitude - width, east: crosses ? 180 : longitude + width };
}
