import { partsOf } from "./filters.ts";
import { quoted } from "./search-query.ts";
import type { CustomField } from "./search-terms.ts";
import { customFieldText, literal } from "./search-terms.ts";

/** A filter of one field of custom metadata. */
export type CustomFilter = Field & (Kind<"truth"> | Kind<"number"> | Kind<"date"> | Kind<"words"> | Values);

interface Field {
  /** The field as it stands in a query. */
  readonly field: string;
  readonly label: string;
}

interface Kind<Name> {
  readonly kind: Name;
}

interface Values extends Kind<"values"> {
  readonly options: readonly { readonly label: string; readonly text: string }[];
}

export function customFilter({ name, label, schema }: CustomField): CustomFilter {
  const { type, selectOptions = [] } = schema;
  const common = { field: customFieldText(name), label };
  switch (type) {
    case "Boolean":
      return { ...common, kind: "truth" };
    case "Number":
      return { ...common, kind: "number" };
    case "Date":
      return { ...common, kind: "date" };
    case "SingleSelect":
    case "MultiSelect": {
      const options = selectOptions.map((option) => ({ label: String(option), text: literal(option) }));
      return { ...common, kind: "values", options };
    }
    default:
      return { ...common, kind: "words" };
  }
}

const listed = /"(?:[^"\\]|\\.)*"|[^\s,"]+/g;

/** The values, as they stand in the query, of which a field has to have one; none where any will do. */
export function valuesIn(text: string, field: string): readonly string[] {
  return partsOf(text).flatMap((part) => {
    const rest = restOf(part, field);
    const list = /^(?:IN \[(.*)\]|= (.+))$/s.exec(rest ?? "");
    return list === null ? [] : ((list[1] ?? list[2] ?? "").match(listed) ?? []);
  });
}

export function valuesConditions(field: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`${field} IN [${values.join(", ")}]`];
}

export interface Range {
  readonly from: string;
  readonly to: string;
}

/** The bounds of a field, both included. An empty text is no bound. */
export function rangeIn(text: string, field: string): Range {
  const bound = (operator: string): string => {
    const part = partsOf(text).find((each) => restOf(each, field)?.startsWith(`${operator} `));
    return part === undefined ? "" : part.slice(`${field} ${operator} `.length);
  };
  return { from: bound(">="), to: bound("<=") };
}

export function rangeConditions(field: string, { from, to }: Range): readonly string[] {
  return [...(from === "" ? [] : [`${field} >= ${from}`]), ...(to === "" ? [] : [`${field} <= ${to}`])];
}

/** The words that a field has to have. */
export function wordsIn(text: string, field: string): string {
  for (const part of partsOf(text)) {
    const found = /^HAS "((?:[^"\\]|\\.)*)"$/s.exec(restOf(part, field) ?? "")?.[1];
    if (found !== undefined) return found.replace(/\\(.)/gs, "$1");
  }
  return "";
}

export function wordsConditions(field: string, words: string): readonly string[] {
  return words.trim() === "" ? [] : [`${field} HAS ${quoted(words.trim())}`];
}

/** Whether a condition is one that the field's filter writes, or would have written. */
export function isOfFilter(condition: string, field: string): boolean {
  return /^(?:IN \[|= |>= |<= |HAS ")/.test(restOf(condition, field) ?? "");
}

function restOf(condition: string, field: string): string | undefined {
  return condition.startsWith(`${field} `) ? condition.slice(field.length + 1) : undefined;
}
