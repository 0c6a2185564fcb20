import fc, { type Arbitrary } from "fast-check";
import type { CustomValue, LibraryObject } from "./library-object.ts";
import { distance, formatOf, momentOf, placeOf, sameOption, spanOf, timeOfCustomDate } from "./model-values.ts";
import { hasWords } from "./model-words.ts";
import * as pools from "./words-in-pools.ts";

/** A condition as a client writes it, and whether it is true of an object, as docs/protocol/media-api.md §4.1 has it. */
export interface Condition {
  readonly text: string;
  readonly holds: (object: LibraryObject, now: number) => boolean;
  /** Whether the query says itself which types it finds. */
  readonly asksForType?: boolean;
  /** Whether the text has an OR outside of parentheses. */
  readonly isOr?: boolean;
}

type Holds = Condition["holds"];
type Matches<Value> = (object: LibraryObject, value: Value, now: number) => boolean;

const quote = (value: string): string => `"${value.replaceAll(/["\\]/g, "\\$&")}"`;

/** `=` and `NOT =` for one value, `IN` and `NOT IN` for several, as far as the field has them. */
function equality<Value>(
  field: string,
  values: Arbitrary<Value>,
  write: (value: Value) => string,
  equals: Matches<Value>,
  operators: readonly string[] = ["=", "NOT =", "IN", "NOT IN"],
): Arbitrary<Condition> {
  return fc
    .tuple(fc.constantFrom(...operators), fc.array(values, { minLength: 1, maxLength: 4 }))
    .map(([operator, all]) => {
      const isList = operator.endsWith("IN");
      const asked = isList ? all : all.slice(0, 1);
      const written = asked.map(write).join(", ");
      return {
        text: `${field} ${operator} ${isList ? `[${written}]` : written}`,
        holds: negate(operator, (object, now) => asked.some((value) => equals(object, value, now))),
      };
    });
}

function negate(operator: string, holds: Holds): Holds {
  return operator.startsWith("NOT") ? (object, now) => !holds(object, now) : holds;
}

function one<Value>(
  field: string,
  operator: string,
  values: Arbitrary<Value>,
  write: (value: Value) => string,
  matches: Matches<Value>,
): Arbitrary<Condition> {
  return values.map((value) => ({
    text: `${field} ${operator} ${write(value)}`,
    holds: negate(operator, (object, now) => matches(object, value, now)),
  }));
}

const relations = {
  "<": (one: number, other: number) => one < other,
  "<=": (one: number, other: number) => one <= other,
  ">": (one: number, other: number) => one > other,
  ">=": (one: number, other: number) => one >= other,
} as const;
const relation = fc.constantFrom(...(Object.keys(relations) as (keyof typeof relations)[]));

function numbers(
  field: string,
  values: Arbitrary<string>,
  numberOf: (written: string) => number,
  actual: (object: LibraryObject) => number | undefined,
): Arbitrary<Condition> {
  return fc.oneof(
    equality(field, values, String, (object, value) => actual(object) === numberOf(value)),
    relation.chain((operator) =>
      one(field, operator, values, String, (object, value) => {
        const number = actual(object);
        return number !== undefined && relations[operator](number, numberOf(value));
      }),
    ),
  );
}

function times(field: string, actual: (object: LibraryObject) => number | undefined): Arbitrary<Condition> {
  const dates = fc.constantFrom(...pools.askedDates);
  const within: Matches<string> = (object, date) => {
    const [from, before] = spanOf(date);
    const time = actual(object);
    return time !== undefined && time >= from && time < before;
  };
  const ordered = relation.chain((operator) => {
    const compare = (object: LibraryObject, [from, before]: readonly [number, number]): boolean => {
      const time = actual(object);
      if (time === undefined) return false;
      if (operator === "<") return time < from;
      if (operator === "<=") return time < before;
      return operator === ">" ? time >= before : time >= from;
    };
    return fc.oneof(
      one(field, operator, dates, quote, (object, date) => compare(object, spanOf(date))),
      one(field, operator, fc.constantFrom(...pools.ages), quote, (object, age, now) => {
        const moment = momentOf(age, now);
        return compare(object, [moment, moment + 1]);
      }),
    );
  });
  return fc.oneof(equality(field, dates, quote, within), ordered);
}

function texts(
  field: string,
  values: Arbitrary<string>,
  actual: (object: LibraryObject) => string | undefined,
): Arbitrary<Condition> {
  const words = fc.constantFrom(...pools.queries, ...pools.stems);
  const beginning = values.chain((value) => fc.nat({ max: value.length }).map((length) => cut(value, length)));
  return fc.oneof(
    equality(field, values, quote, (object, value) => actual(object) === value),
    one(field, ":", beginning, quote, (object, value) => actual(object)?.startsWith(value) === true),
    one(field, "HAS", words, quote, (object, value) => hasWords([actual(object) ?? ""], value)),
  );
}

function codecs(field: string, actual: (object: LibraryObject) => string | undefined): Arbitrary<Condition> {
  return fc.oneof(
    equality(field, fc.constantFrom(...pools.codecs, "H264"), quote, (object, value) => actual(object) === value),
    one(
      field,
      ":",
      fc.constantFrom("h", "pcm_", "x"),
      quote,
      (object, value) => actual(object)?.startsWith(value) === true,
    ),
  );
}

/** No half of a character. */
function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .replace(/[\ud800-\udbff]$/, "")
    .normalize("NFC");
}

function exists(field: string, is: (object: LibraryObject) => boolean): Arbitrary<Condition> {
  return fc.constantFrom("EXISTS", "not exists").map((operator) => ({
    text: `${field} ${operator}`,
    holds: negate(operator.toUpperCase(), is),
  }));
}

const custom = (name: string) => `"customMetadata.${name}"`;
/** An empty text is no value. */
const customValue = (object: LibraryObject, name: string) =>
  object.custom[name] === "" ? undefined : object.custom[name];
const isThere = (name: string) => (object: LibraryObject) => {
  const value = customValue(object, name);
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
};
const textOf = (name: string) => (object: LibraryObject) => customValue(object, name) as string | undefined;
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

const option = fc.constantFrom(...pools.options, "0", "01", "none");
const writeOption = (value: string | number | boolean) => (typeof value === "string" ? quote(value) : String(value));
const hasOption =
  (name: string): Matches<string | number | boolean> =>
  (object, value) =>
    listOf(customValue(object, name)).some((actual) => sameOption(actual, value));

/** A text that spells a number is one, as for `=`. */
function numberOfOption(option: CustomValue | undefined): number | undefined {
  if (typeof option === "number") return option;
  return typeof option === "string" && /^[\d.]+$/.test(option) ? Number(option) : undefined;
}

const customConditions: readonly Arbitrary<Condition>[] = [
  texts(custom("title"), fc.constantFrom(...pools.customTexts), textOf("title")),
  exists(custom("title"), isThere("title")),
  texts(custom("notes"), fc.constantFrom(...pools.customTexts), textOf("notes")),
  numbers(custom("rank"), fc.constantFrom(...pools.customNumbers, 5).map(String), Number, (object) => {
    return customValue(object, "rank") as number | undefined;
  }),
  exists(custom("rank"), isThere("rank")),
  times(custom("expires"), (object) => {
    const value = customValue(object, "expires");
    return value === undefined ? undefined : timeOfCustomDate(String(value));
  }),
  exists(custom("expires"), isThere("expires")),
  equality(custom("approved"), fc.boolean(), String, (object, value) => customValue(object, "approved") === value, [
    "=",
  ]),
  exists(custom("approved"), isThere("approved")),
  equality(custom("colour"), option, writeOption, hasOption("colour")),
  one(custom("colour"), ":", fc.constantFrom("r", "Re", "1", "t", "x"), quote, (object, value) => {
    const actual = customValue(object, "colour");
    return actual !== undefined && String(actual).startsWith(value);
  }),
  relation.chain((operator) =>
    one(custom("colour"), operator, fc.constantFrom(0, 1, 2, 2.5, 10), String, (object, value) => {
      const actual = numberOfOption(customValue(object, "colour"));
      return actual !== undefined && relations[operator](actual, value);
    }),
  ),
  equality(custom("sizes"), option, writeOption, hasOption("sizes"), ["IN", "NOT IN"]),
  exists(custom("sizes"), isThere("sizes")),
];

const area = fc.oneof(
  fc
    .tuple(fc.constantFrom(...pools.places), fc.constantFrom(1, 4, 900, 20_000), fc.constantFrom("km", "m"))
    .map(([centre, radius, unit]) => ({
      text: `${centre.join(",")} ${radius}${unit}`,
      contains: (place: readonly [number, number]) => distance(centre, place) <= radius * (unit === "km" ? 1000 : 1),
    })),
  fc
    .tuple(fc.constantFrom(...pools.places), fc.constantFrom(...pools.places), fc.boolean())
    .map(([one, other, four]) => {
      const [south, north] = [Math.min(one[0], other[0]), Math.max(one[0], other[0])];
      const [west, east] = [Math.min(one[1], other[1]), Math.max(one[1], other[1])];
      const corners = [
        [south, east],
        [north, east],
        [north, west],
        [south, west],
      ];
      return {
        text: (four ? corners : [one, other]).map((corner) => corner.join(",")).join(" | "),
        contains: ([latitude, longitude]: readonly [number, number]) =>
          latitude >= south && latitude <= north && longitude >= west && longitude <= east,
      };
    }),
);

const embedded = (name: string) => `"embeddedMetadata.${name}"`;
const takenAt = (object: LibraryObject): number | undefined => {
  const date = object.embedded.DateTimeOriginal;
  return typeof date === "string" ? timeOfCustomDate(date) : undefined;
};

const embeddedConditions: readonly Arbitrary<Condition>[] = [
  equality(
    embedded("Keywords"),
    fc.constantFrom(...pools.keywords, "none"),
    quote,
    (object, value) => listOf(object.embedded.Keywords).includes(value),
    ["IN", "NOT IN"],
  ),
  exists(embedded("Keywords"), (object) => listOf(object.embedded.Keywords).length > 0),
  times(embedded("DateTimeOriginal"), takenAt),
  exists(embedded("DateTimeOriginal"), (object) => takenAt(object) !== undefined),
  one(
    embedded("LocationTaken"),
    "=",
    area,
    ({ text }) => quote(text),
    (object, { contains }) => {
      const place = placeOf(object);
      return place !== undefined && contains(place);
    },
  ),
  exists(embedded("LocationTaken"), (object) => placeOf(object) !== undefined),
];

/** Random conditions about the objects of this library. */
export function conditionsAbout(objects: readonly LibraryObject[]): Arbitrary<Condition> {
  const names = fc.constantFrom(...objects.map(({ name }) => name), "none", "red");
  const folder = fc.constantFrom(...pools.folders, "/none");
  const plain: readonly Arbitrary<Condition>[] = [
    texts("name", names, ({ name }) => name),
    equality(
      "tags",
      fc.constantFrom(...pools.tags, "none"),
      quote,
      ({ tags, aiTags }, value) => tags.includes(value) || aiTags.includes(value),
      ["IN", "NOT IN"],
    ),
    one("tags", "HAS", fc.constantFrom(...pools.queries), quote, ({ tags, aiTags }, value) =>
      hasWords([...tags, ...aiTags], value),
    ),
    exists("tags", ({ tags, aiTags }) => tags.length + aiTags.length > 0),
    equality("type", fc.constantFrom("file", "file-version", "folder"), quote, ({ type }, value) => type === value).map(
      (condition) => ({ ...condition, asksForType: true }),
    ),
    equality("id", fc.constantFrom(...objects.map(({ id }) => id), "0123"), quote, ({ id }, value) => id === value),
    equality("path", folder, quote, (object, value) => object.folder === value),
    one("path", ":", folder, quote, (object, value) => {
      return value === "/" || object.folder === value || object.folder.startsWith(`${value}/`);
    }),
    times("createdAt", ({ createdAt }) => createdAt),
    times("updatedAt", ({ updatedAt }) => updatedAt),
    numbers("width", fc.constantFrom("1", "10", "20", "300", "0"), Number, ({ file }) => file?.width),
    numbers("height", fc.constantFrom("1", "10", "20", "300", "0"), Number, ({ file }) => file?.height),
    numbers("size", fc.constantFrom("100", '"1kb"', "10kb", '"1 MB"', "0", "1000"), bytesOf, ({ file }) => file?.size),
    numbers("duration", fc.constantFrom(...pools.durations, 0, 7.2).map(String), Number, ({ file }) => file?.duration),
    numbers("bitRate", fc.constantFrom(...pools.bitRates, 0).map(String), Number, ({ file }) => file?.bitRate),
    codecs("videoCodec", ({ file }) => file?.videoCodec),
    codecs("audioCodec", ({ file }) => file?.audioCodec),
    equality(
      "format",
      fc.constantFrom("jpg", "PNG", "webp", "gif", "svg", "pdf", "txt", "css", "mp4", "ico", "avif"),
      quote,
      ({ file, name }, value) => file !== undefined && formatOf(file.mime, name) === value.toLowerCase(),
      ["=", "IN"],
    ),
    equality("private", fc.boolean(), String, ({ file }, value) => file?.isPrivateFile === value, ["="]),
    equality("published", fc.boolean(), String, ({ file }, value) => file?.isPublished === value, ["="]),
    equality("transparency", fc.boolean(), String, ({ file }, value) => file?.hasAlpha === value, ["="]),
    // Nobody's address is stored with a file: an account has keys, and no users.
    equality("createdBy", fc.constantFrom("a@example.com", "b@example.com"), quote, () => false),
  ];
  return fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...plain) },
    { weight: 3, arbitrary: fc.oneof(...customConditions) },
    { weight: 2, arbitrary: fc.oneof(...embeddedConditions) },
  );
}

function bytesOf(written: string): number {
  const [, amount = "", unit = ""] = /^"?(\d+) ?([a-z]*)"?$/i.exec(written) ?? [];
  return Number(amount) * ({ "": 1, kb: 1024, mb: 1024 ** 2 }[unit.toLowerCase()] ?? Number.NaN);
}
