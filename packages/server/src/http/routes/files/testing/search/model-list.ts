import fc, { type Arbitrary } from "fast-check";
import type { LibraryObject } from "./library-object.ts";
import { compareTexts } from "./model-values.ts";
import type { Condition } from "./random-conditions.ts";
import { queriesAbout } from "./random-queries.ts";
import * as pools from "./words-in-pools.ts";

/** The parameters of a list apart from its page (docs/protocol/media-api.md §4). */
export interface RandomList {
  readonly parameters: Readonly<Record<string, string>>;
  readonly includes: Condition["holds"];
  readonly sort: { readonly key: SortKey; readonly descending: boolean };
}

type SortKey = keyof typeof sortKeys;

const sortKeys = {
  NAME: ({ name }: LibraryObject) => name,
  CREATED: ({ createdAt }: LibraryObject) => createdAt,
  UPDATED: ({ updatedAt }: LibraryObject) => updatedAt,
  HEIGHT: ({ file }: LibraryObject) => file?.height,
  WIDTH: ({ file }: LibraryObject) => file?.width,
  SIZE: ({ file }: LibraryObject) => file?.size,
} as const;

/** The ids of what a list shows, in its order. */
export function modelList(objects: readonly LibraryObject[], { includes, sort }: RandomList, now: number): string[] {
  const keyOf = sortKeys[sort.key];
  const direction = sort.descending ? -1 : 1;
  return objects
    .filter((object) => includes(object, now))
    .toSorted((one, other) => {
      const [a, b] = [keyOf(one), keyOf(other)];
      // What has no such value comes last in both directions.
      if (a === undefined || b === undefined) {
        if (a !== b) return a === undefined ? 1 : -1;
      } else if (a !== b) {
        return direction * (typeof a === "number" ? a - Number(b) : compareTexts(a, String(b)));
      }
      return direction * compareTexts(one.rowId, other.rowId);
    })
    .map(({ rowId }) => rowId);
}

interface Part {
  readonly parameters: Readonly<Record<string, string>>;
  readonly includes: Condition["holds"];
}

const everything: Part = { parameters: {}, includes: () => true };

/** Random lists and searches of this library. */
export function listsOf(objects: readonly LibraryObject[]): Arbitrary<RandomList> {
  const search = queriesAbout(objects).map(
    ({ text, holds, asksForType }): Part => ({
      parameters: { searchQuery: text },
      includes: (object, now) => (asksForType === true || object.type !== "file-version") && holds(object, now),
    }),
  );
  const types = fc
    .constantFrom("file", "file-version", "folder", "all", "")
    .map((type): Part => ({ parameters: { type }, includes: (object) => isOfType(object, type || "file") }));
  const names = objects.map(({ name }) => name);
  const legacy = fc
    .record({
      name: fc.option(fc.constantFrom(...names, "none")),
      tags: fc.option(fc.uniqueArray(fc.constantFrom("red", "Red", "a", "summer sale", "none"), { minLength: 1 })),
      includeFolder: fc.option(fc.boolean()),
    })
    .map(
      ({ name, tags, includeFolder }): Part => ({
        parameters: {
          ...(name !== null && { name }),
          ...(tags !== null && { tags: tags.join(",") }),
          ...(includeFolder !== null && { includeFolder: String(includeFolder) }),
        },
        includes: (object) =>
          (name === null || object.name === name) &&
          (tags === null ||
            [...object.tags, ...object.aiTags].some((tag) => (tags as readonly string[]).includes(tag))) &&
          isOfType(object, includeFolder === true ? "all" : "file"),
      }),
    );
  const path = fc.constantFrom(...pools.folders, "/none").map(
    (folder): Part => ({
      parameters: { path: folder === "/" ? folder : folder.slice(1) },
      includes: (object) => object.folder === folder,
    }),
  );
  const fileType = fc
    .constantFrom("image", "non-image")
    .map((type): Part => ({ parameters: { fileType: type }, includes: ({ file }) => file?.fileType === type }));
  const sort = fc.record({
    key: fc.constantFrom(...(Object.keys(sortKeys) as SortKey[])),
    descending: fc.boolean(),
  });
  return fc
    .tuple(
      fc.oneof({ weight: 6, arbitrary: search }, types, legacy),
      fc.oneof({ weight: 4, arbitrary: fc.constant(everything) }, path),
      fc.oneof({ weight: 4, arbitrary: fc.constant(everything) }, fileType),
      sort,
    )
    .map(([what, where, kind, order]) => ({
      parameters: {
        ...what.parameters,
        ...where.parameters,
        ...kind.parameters,
        sort: `${order.descending ? "DESC" : "ASC"}_${order.key}`,
      },
      includes: (object, now) => [what, where, kind].every(({ includes }) => includes(object, now)),
      sort: order,
    }));
}

function isOfType({ type }: LibraryObject, asked: string): boolean {
  return asked === "all" ? type !== "file-version" : type === asked;
}
