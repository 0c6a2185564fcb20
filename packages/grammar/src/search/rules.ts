import { type Literal, readBoolean, readNumber, readSize, readText } from "../expressions/literals.ts";
import { toNfc } from "../text/nfc.ts";
import { formats } from "./formats.ts";
import type { SearchOperator } from "./operators.ts";
import { optionKey } from "./option-key.ts";
import type {
  Among,
  AmongNumbers,
  AmongOptions,
  AmongSpans,
  AmongTexts,
  Beginning,
  Below,
  Exists,
  InArea,
  ObjectType,
  Relation,
  Words,
} from "./search-query.ts";
import { readArea } from "./values/areas.ts";
import { readAge, readSpan, spanInRelation } from "./values/dates.ts";
import { readPath } from "./values/paths.ts";
import { searchWords } from "./words.ts";

/** The part of a condition after its field. */
export interface Clause<Operator extends SearchOperator = SearchOperator> {
  readonly operator: Operator;
  /** The time in Unix milliseconds, from which ages are counted. */
  readonly now: number;
  /**
   * Reads the value, or each value of a list.
   * @param expects describes a valid value, for the error message
   * @param read returns undefined for a literal that is no valid value
   */
  readonly values: <Value>(
    expects: string,
    read: (literal: Literal) => Value | undefined,
  ) => readonly [Value, ...Value[]];
}

/** Makes a test of a clause. */
export type Rule<Test> = (clause: Clause) => Test;

/** The operators of a field. */
export type Rules<Test> = Readonly<Partial<Record<SearchOperator, Rule<Test>>>>;

export const exists: Rules<Exists> = {
  EXISTS: () => ({ kind: "exists" }),
  "NOT EXISTS": () => ({ kind: "exists" }),
};

const isTrueOrFalse = (literal: Literal) => (literal.quoted ? undefined : readBoolean(literal));

export const isBoolean: Rules<Among<boolean>> = { "=": among("true or false, without quotes", isTrueOrFalse) };

export const isText = equality<AmongTexts>(among("a text", readText));
export const isName = equality<AmongTexts>(among("a name", (literal) => toNfc(readText(literal))));
export const isPath = equality<AmongTexts>(among("a folder's path", readPath));
export const isNumber = equality<AmongNumbers>(among("a number", readNumber));
export const isCount = equality<AmongNumbers>(among("a whole number", readCount));
export const isSize = equality<AmongNumbers>(among('a number of bytes, or one with a unit such as "10kb"', readBytes));
export const isOption = equality<AmongOptions>((clause) => ({ kind: "options", keys: readKeys(clause) }));
export const isObjectType = equality<Among<ObjectType>>(
  among("file, file-version or folder", oneOf(["file", "file-version", "folder"])),
);
const isFormat = equality(among(`one of ${formats.join(", ")}`, oneOf(formats)));
export const isOneFormat = { "=": isFormat["="], IN: isFormat.IN };

export const isTime = equality<AmongSpans>(({ values }) => {
  const read = values('a date such as 2026-01-31, or a time such as "2026-01-31T12:00:00"', readSpan);
  return { kind: "spans", spans: unique(read, ({ from, before }) => `${from} ${before}`) };
});

export const isOneOfTexts = { IN: isText.IN, "NOT IN": isText["NOT IN"] };
export const isOneOfOptions = { IN: isOption.IN, "NOT IN": isOption["NOT IN"] };

export const begins = {
  ":": ({ values }: Clause): Beginning => ({ kind: "beginning", text: values("a text", readText)[0] }),
};
export const nameBegins = {
  ":": ({ values }: Clause): Beginning => ({
    kind: "beginning",
    text: values("a name's beginning", (literal) => toNfc(readText(literal)))[0],
  }),
};
export const isBelow = {
  ":": ({ values }: Clause): Below => ({ kind: "below", folder: values("a folder's path", readPath)[0] }),
};

export const hasWords = {
  HAS: ({ values }: Clause): Words => values("a text with a letter or a number in it", readWords)[0],
};

export const isInArea = {
  "=": ({ values }: Clause): InArea => ({
    kind: "area",
    area: values('an area: "lat,lon 5km", or two or four corners of a box as "lat,lon | lat,lon"', readArea)[0],
  }),
};

export const numberOrder = order(relation("a number", readNumber));
export const countOrder = order(relation("a whole number", readCount));
export const sizeOrder = order(relation('a number of bytes, or one with a unit such as "10kb"', readBytes));
export const timeOrder = order<AmongSpans>(({ operator, now, values }) => {
  const expects = 'a date such as 2026-01-31, a time such as "2026-01-31T12:00:00", or an age such as 7d';
  const [span] = values(expects, (literal) => readSpan(literal) ?? readAge(literal, now));
  return { kind: "spans", spans: [spanInRelation(operator, span)] };
});

function among<Value extends string | number | boolean>(
  expects: string,
  read: (literal: Literal) => Value | undefined,
): Rule<Among<Value>> {
  return ({ values }) => ({ kind: "among", values: unique(values(expects, read), (value) => value) });
}

type OrderOperator = Relation["operator"];

function relation(
  expects: string,
  read: (literal: Literal) => number | undefined,
): (clause: Clause<OrderOperator>) => Relation {
  return ({ operator, values }) => ({ kind: "relation", operator, value: values(expects, read)[0] });
}

function equality<Test>(rule: Rule<Test>) {
  return { "=": rule, "NOT =": rule, IN: rule, "NOT IN": rule };
}

function order<Test>(rule: (clause: Clause<OrderOperator>) => Test) {
  const under =
    (operator: OrderOperator): Rule<Test> =>
    (clause) =>
      rule({ ...clause, operator });
  return { "<": under("<"), "<=": under("<="), ">": under(">"), ">=": under(">=") };
}

function oneOf<Value extends string>(values: readonly Value[]): (literal: Literal) => Value | undefined {
  return ({ text }) => values.find((value) => value === text.toLowerCase());
}

function readCount(literal: Literal): number | undefined {
  const value = readNumber(literal);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Units may give a fraction of a byte, which no file has. */
function readBytes(literal: Literal): number | undefined {
  const bytes = readSize(literal);
  const whole = bytes === undefined || readNumber(literal) !== undefined ? bytes : Math.round(bytes);
  return Number.isSafeInteger(whole) ? whole : undefined;
}

function readKeys({ values }: Clause): readonly string[] {
  const keys = values("an option", ({ text }) => optionKey(text));
  return unique(keys, (key) => key);
}

function readWords({ text }: Literal): Words | undefined {
  const words = searchWords(text);
  const beginning = words.pop();
  return beginning === undefined ? undefined : { kind: "words", whole: unique(words, (word) => word), beginning };
}

function unique<Value>(values: readonly Value[], keyOf: (value: Value) => unknown): readonly Value[] {
  const byKey = new Map(values.map((value) => [keyOf(value), value]));
  return [...byKey.values()];
}
