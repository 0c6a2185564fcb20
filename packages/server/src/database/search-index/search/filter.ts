import type { CustomCondition, PlainCondition, SearchTests } from "@sluice/grammar";
import { sql } from "kysely";
import type { Viewer } from "../../../access/viewer.ts";
import type { Engine } from "../../connection.ts";
import { pointOnSphere } from "../embedded-facts.ts";
import { kinds } from "../row.ts";
import { customTerms, keywordTerm, numberOf, storable, tagTerm } from "../terms.ts";
import { allOf, always, anyOf, hasWords, inRange, never, oneOf, real, type Sql } from "./conditions-sql.ts";
import type { Criteria, Criterion } from "./criteria.ts";
import type { AnyTest } from "./ranges.ts";
import { spanRange, textsBeginning, wholeNumbers } from "./ranges.ts";

/** The part of the search index that is searched. */
export interface SearchScope {
  readonly viewer: Viewer;
  readonly scope: 0 | 1;
}

interface TestedScope extends SearchScope {
  readonly engine: Pick<Engine, "textsOf">;
}

/**
 * The criteria as a condition on a row `c` of the search index. An object that lacks a field passes no test of it, and a
 * negated test is passed by all that fail the test. So no test is ever undecided, and `not` is the complement.
 */
export function filterOf(criteria: Criteria, place: TestedScope): Sql {
  if (criteria.kind !== "condition") {
    const operands = criteria.operands.map((operand) => filterOf(operand, place));
    return criteria.kind === "and" ? allOf(operands) : anyOf(operands);
  }
  const test = testOf(criteria, place);
  return criteria.negated ? sql`(${test}) is not true` : sql`(${test}) is true`;
}

function testOf(condition: Criterion, place: TestedScope): Sql {
  if (condition.field === "isImage") return sql`c.is_image = ${condition.value ? 1 : 0}`;
  if (condition.field === "content") return ofVersion(oneOf(sql`versions.blob_id`, [condition.blobId]));
  if (condition.field === "similar") {
    const blobIds = condition.groups.flatMap(({ blobIds }) => blobIds);
    return ofVersion(oneOf(sql`versions.blob_id`, blobIds));
  }
  if (condition.field === "customMetadata") return customTest(condition, place);
  const test = tests[condition.field] as (test: AnyTest, place: TestedScope) => Sql;
  return test(condition.test, place);
}

function ofVersion(condition: Sql): Sql {
  return sql`exists (select 1 from versions where versions.id = c.version_id and (${condition}))`;
}

/** The fields that the search index leaves to the versions, since few files have them. */
export const versionTests: { readonly [Field in FieldOfVersions]: (test: SearchTests[Field]) => Sql } = {
  duration: (test) => realTest(sql`versions.duration`, test),
  bitRate: (test) => wholeTest(sql`versions.bit_rate`, test),
  videoCodec: (test) => textTest(sql`versions.video_codec`, test),
  audioCodec: (test) => textTest(sql`versions.audio_codec`, test),
};

type FieldOfVersions = "duration" | "bitRate" | "videoCodec" | "audioCodec";

type TestOf<Field extends PlainCondition["field"]> = (test: SearchTests[Field], place: TestedScope) => Sql;

const tests: { readonly [Field in PlainCondition["field"]]: TestOf<Field> } = {
  name: (test) => {
    if (test.kind === "words") return hasWords(sql`c.words`, test);
    return test.kind === "among" ? oneOf(sql`c.name`, test.values) : inRange(sql`c.name`, textsBeginning(test.text));
  },
  tags: (test, { engine }) => {
    if (test.kind === "words") return hasWords(sql`c.tag_words`, test);
    return test.kind === "exists" ? sql`c.tag_words is not null` : hasTerm(test.values.map(tagTerm), engine);
  },
  type: ({ values }) =>
    oneOf(
      sql`c.kind`,
      values.map((type) => kinds[type]),
    ),
  id: ({ values }) => oneOf(sql`coalesce(c.file_id, c.id)`, values),
  path: (test, { viewer }) => {
    if (test.kind === "below" && test.folder === "/") return always;
    if (test.kind === "among") {
      return sql`c.folder_id in (select folders.id from folders
        where folders.account_id = ${viewer.accountId} and ${oneOf(sql`folders.path`, test.values)})`;
    }
    return sql`exists (select 1 from folders
      where folders.id = c.folder_id and folders.account_id = ${viewer.accountId} and (${isBelow(test.folder)}))`;
  },
  createdAt: ({ spans }) => anyOf(spans.map((span) => inRange(sql`c.created_at`, spanRange(span)))),
  updatedAt: ({ spans }) => anyOf(spans.map((span) => inRange(sql`c.updated_at`, spanRange(span)))),
  width: (test) => wholeTest(sql`c.width`, test),
  height: (test) => wholeTest(sql`c.height`, test),
  size: (test) => wholeTest(sql`c.size`, test),
  duration: (test) => ofVersion(versionTests.duration(test)),
  bitRate: (test) => ofVersion(versionTests.bitRate(test)),
  videoCodec: (test) => ofVersion(versionTests.videoCodec(test)),
  audioCodec: (test) => ofVersion(versionTests.audioCodec(test)),
  format: ({ values }) => oneOf(sql`c.format`, values),
  private: ({ values }) => oneOf(sql`c.is_private`, values.map(Number)),
  published: ({ values }) => oneOf(sql`c.is_published`, values.map(Number)),
  transparency: ({ values }) => oneOf(sql`c.has_alpha`, values.map(Number)),
  // An upload says nothing of a person.
  createdBy: () => never,
  "embeddedMetadata.Keywords": (test, { engine }) =>
    test.kind === "exists" ? sql`c.has_keywords = 1` : hasTerm(test.values.map(keywordTerm), engine),
  "embeddedMetadata.DateTimeOriginal": (test) =>
    test.kind === "exists"
      ? sql`c.taken_at is not null`
      : anyOf(test.spans.map((span) => inRange(sql`c.taken_at`, spanRange(span)))),
  "embeddedMetadata.LocationTaken": (test) => {
    if (test.kind === "exists") return sql`c.latitude is not null`;
    const { area } = test;
    if (area.shape === "circle") return isNear(area);
    return allOf([
      sql`c.latitude >= ${real(area.south)} and c.latitude <= ${real(area.north)}`,
      sql`c.longitude >= ${real(area.west)} and c.longitude <= ${real(area.east)}`,
    ]);
  },
};

/** The folder at a path that isn't the root, and all folders below it. */
export function isBelow(folder: string): Sql {
  return sql`folders.path = ${folder} or (${inRange(sql`folders.path`, textsBeginning(`${folder}/`))})`;
}

function wholeTest(column: Sql, test: SearchTests["size"]): Sql {
  return test.kind === "among"
    ? oneOf(column, test.values.filter(Number.isSafeInteger))
    : inRange(column, wholeNumbers(test));
}

function realTest(column: Sql, test: SearchTests["duration"]): Sql {
  return test.kind === "among"
    ? sql`${column} in (${sql.join(test.values.map(real))})`
    : sql`${column} ${sql.raw(test.operator)} ${real(test.value)}`;
}

function textTest(column: Sql, test: SearchTests["videoCodec"]): Sql {
  return test.kind === "among" ? oneOf(column, test.values) : inRange(column, textsBeginning(test.text));
}

export const earthRadiusMetres = 6_371_000;

/** The straight distance through the sphere is sums and products, of which both databases make the same number. */
function isNear({ latitude, longitude, metres }: { latitude: number; longitude: number; metres: number }): Sql {
  const { x, y, z } = pointOnSphere(latitude, longitude);
  const halfAngle = Math.min(metres / earthRadiusMetres / 2, Math.PI / 2);
  const [dx, dy, dz] = [sql`(c.place_x - ${real(x)})`, sql`(c.place_y - ${real(y)})`, sql`(c.place_z - ${real(z)})`];
  return sql`${dx} * ${dx} + ${dy} * ${dy} + ${dz} * ${dz} <= ${real((2 * Math.sin(halfAngle)) ** 2)}`;
}

/** To look for so many terms one by one takes less time than to read the row's list of terms. */
const fewTerms = 8;

/** A row has its terms as JSON. A term in its quotes can't be found across the items, since a quote in one is escaped. */
function hasTerm(terms: readonly string[], { textsOf }: Pick<Engine, "textsOf">): Sql {
  // One by one, a thousand terms would hold SQLite's thread for a tenth of a second in each step of a search.
  if (terms.length > fewTerms)
    return sql`exists (select 1 from ${textsOf(sql`c.terms`)} where ${oneOf(sql`value`, terms)})`;
  return anyOf(terms.map((term) => sql`replace(c.terms, ${JSON.stringify(term)}, '') <> c.terms`));
}

function customTest({ name, test }: CustomCondition, place: TestedScope): Sql {
  if (test.kind === "options") {
    return hasTerm(
      test.keys.map((key) => optionTerm(name, key)),
      place.engine,
    );
  }
  return sql`exists (select 1 from catalogue_values as v where v.account_id = ${place.viewer.accountId}
    and v.scope = ${sql.lit(place.scope)} and v.id = c.id and v.field = ${name} and (${valueTest(test)}))`;
}

function valueTest(test: Exclude<CustomCondition["test"], { readonly kind: "options" }>): Sql {
  switch (test.kind) {
    case "exists":
      return always;
    case "words":
      return hasWords(sql`v.words`, test);
    case "beginning":
      return inRange(sql`v.text`, textsBeginning(test.text));
    case "spans":
      return anyOf(test.spans.map((span) => inRange(sql`v.time`, spanRange(span))));
    case "relation":
      return sql`v.number ${sql.raw(test.operator)} ${real(test.value)}`;
    case "among": {
      const values: readonly (string | number | boolean)[] = test.values;
      const numbers = values.filter((value) => typeof value === "number");
      const texts = values.filter((value) => typeof value !== "number").map((value) => storable(String(value)));
      return anyOf([
        ...(numbers.length === 0 ? [] : [sql`v.number in (${sql.join(numbers.map(real))})`]),
        ...(texts.length === 0 ? [] : [oneOf(sql`v.text`, texts)]),
      ]);
    }
  }
}

/** The term of an option, which is the same for a number and for a text that spells it. */
export function optionTerm(field: string, key: string): string {
  const number = numberOf(key);
  return number === undefined ? customTerms.text(field, key) : customTerms.number(field, number);
}
