import type { CustomFieldType } from "../checks/fields.ts";
import type { Format } from "./formats.ts";

/**
 * A checked searchQuery (docs/protocol/media-api.md §4.1), in a normal form that needs no more parsing: dates are spans
 * of Unix milliseconds, sizes are bytes, paths are as stored, and names are in NFC.
 */
export type SearchQuery = SearchCondition | SearchJunction;

export interface SearchJunction {
  readonly kind: "and" | "or";
  /** There are at least two operands. None of them is a junction of the same kind. */
  readonly operands: readonly SearchQuery[];
}

/**
 * A test of one field. An object without the field, such as the width of a folder, passes no test. A negated condition
 * is true of exactly the objects for which the test fails, so of those without the field too.
 */
export type SearchCondition = PlainCondition | CustomCondition;

export type PlainCondition = {
  [Field in keyof SearchTests]: {
    readonly kind: "condition";
    readonly field: Field;
    readonly negated: boolean;
    readonly test: SearchTests[Field];
  };
}[keyof SearchTests];

export type SearchField = keyof SearchTests;

/** The tests of each field. */
export interface SearchTests {
  readonly name: AmongTexts | Beginning | Words;
  /** The texts of `tags` and the names of `AITags`. */
  readonly tags: AmongTexts | Words | Exists;
  readonly type: Among<ObjectType>;
  /** `fileId` or `folderId`. */
  readonly id: AmongTexts;
  /** The folder that holds the object, as `/` or `/a/b`. */
  readonly path: AmongTexts | Below;
  readonly createdAt: AmongSpans;
  readonly updatedAt: AmongSpans;
  readonly width: AmongNumbers | Relation;
  readonly height: AmongNumbers | Relation;
  readonly size: AmongNumbers | Relation;
  /** In seconds. */
  readonly duration: AmongNumbers | Relation;
  /** In bits per second. */
  readonly bitRate: AmongNumbers | Relation;
  readonly videoCodec: AmongTexts | Beginning;
  readonly audioCodec: AmongTexts | Beginning;
  readonly format: Among<Format>;
  readonly private: Among<boolean>;
  readonly published: Among<boolean>;
  readonly transparency: Among<boolean>;
  readonly createdBy: AmongTexts;
  readonly "embeddedMetadata.Keywords": AmongTexts | Exists;
  readonly "embeddedMetadata.DateTimeOriginal": AmongSpans | Exists;
  readonly "embeddedMetadata.LocationTaken": InArea | Exists;
}

/** A test of a custom metadata field. */
export type CustomCondition = {
  [Type in CustomFieldType]: {
    readonly kind: "condition";
    readonly field: "customMetadata";
    /** The name of the account's field. */
    readonly name: string;
    readonly type: Type;
    readonly negated: boolean;
    readonly test: CustomTests[Type] | Exists;
  };
}[CustomFieldType];

/** The tests of custom metadata fields by their types. */
export interface CustomTests {
  readonly Text: AmongTexts | Beginning | Words;
  readonly Textarea: AmongTexts | Beginning | Words;
  readonly Number: AmongNumbers | Relation;
  readonly Date: AmongSpans;
  readonly Boolean: Among<boolean>;
  readonly SingleSelect: AmongOptions | Beginning | Relation;
  readonly MultiSelect: AmongOptions;
}

export type ObjectType = "file" | "file-version" | "folder";

/** The field has a value. An empty text or list is no value. */
export interface Exists {
  readonly kind: "exists";
}

/** The field, or one item of a list, equals one of these values. */
export interface Among<Value extends string | number | boolean> {
  readonly kind: "among";
  /** Each value once. There is at least one. */
  readonly values: readonly Value[];
}

export type AmongTexts = Among<string>;
export type AmongNumbers = Among<number>;

/** One of the field's values is one of these options. */
export interface AmongOptions {
  readonly kind: "options";
  /**
   * The keys are spelled as `optionKey` spells them, since the query doesn't say whether `1` is the text or the number.
   */
  readonly keys: readonly string[];
}

/** The field's text, or the spelling of its option, begins with these characters. Case matters. */
export interface Beginning {
  readonly kind: "beginning";
  readonly text: string;
}

/** The object is in this folder or in one of its subfolders. */
export interface Below {
  readonly kind: "below";
  /** `/` or `/a/b`. */
  readonly folder: string;
}

/** The words of the field's texts, as `searchWords` splits each of them, have all of these words among them. */
export interface Words {
  readonly kind: "words";
  readonly whole: readonly string[];
  /** The last word of the query, which needs to be the beginning of a word only. */
  readonly beginning: string;
}

/** The field is a number, or an option that spells one, in this relation to the value. */
export interface Relation {
  readonly kind: "relation";
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly value: number;
}

/** The field's time lies in one of these spans. */
export interface AmongSpans {
  readonly kind: "spans";
  readonly spans: readonly Span[];
}

/**
 * A span of time in Unix milliseconds. A date in a query means its whole day in UTC, and a time means its whole minute,
 * second or millisecond, whichever it is written to: `createdAt = 2020-01-01` is the span of that day, and
 * `createdAt > 2020-01-01` begins with the day after it.
 */
export interface Span {
  /** The first millisecond; undefined for a span without a beginning. */
  readonly from: number | undefined;
  /** The first millisecond after the span; undefined for a span without an end. At least one of both is there. */
  readonly before: number | undefined;
}

export interface InArea {
  readonly kind: "area";
  readonly area: Circle | Box;
}

/** The points at this distance from the centre or nearer. */
export interface Circle {
  readonly shape: "circle";
  /** The coordinates are in degrees. */
  readonly latitude: number;
  readonly longitude: number;
  readonly metres: number;
}

/** The points between two parallels and two meridians, which belong to it. It never crosses the 180th meridian. */
export interface Box {
  readonly shape: "box";
  /** The sides are in degrees. */
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}
