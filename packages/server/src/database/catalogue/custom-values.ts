import { searchWords } from "@sluice/grammar";
import { parseIsoDate } from "../../text/iso-date.ts";
import type { CatalogueValue } from "./row.ts";
import { customTerms, numberOf, storable, wordsColumn } from "./terms.ts";

type Scalar = string | number | boolean;

/** The values of an asset's custom metadata, and the terms that find them. */
export interface CustomTerms {
  readonly values: readonly CatalogueValue[];
  readonly terms: readonly string[];
}

/** An empty text or list is no value. */
const isEmpty = (value: unknown): boolean => value === "" || (Array.isArray(value) && value.length === 0);

/**
 * The meaning of a value depends on its field's type. A text is written as all that it may mean, so that nothing needs to be
 * written again when a field is created: the search asks for what its field means.
 */
export function termsOfCustomMetadata(json: string): CustomTerms {
  const values: CatalogueValue[] = [];
  const terms: string[] = [];
  for (const [field, value] of Object.entries(JSON.parse(json) as Record<string, Scalar | readonly Scalar[]>)) {
    if (isEmpty(value)) continue;
    const items = (Array.isArray(value) ? value : [value]) as readonly Scalar[];
    for (const item of items) terms.push(...termsOfItem(field, item));
    values.push(Array.isArray(value) ? { field, ...noValue } : { field, ...columnsOf(items[0] as Scalar) });
  }
  return { values, terms };
}

const noValue = { text: null, words: null, number: null, time: null } as const;

function columnsOf(value: Scalar): Omit<CatalogueValue, "field"> {
  if (typeof value !== "string") {
    return { ...noValue, text: String(value), number: typeof value === "number" ? value : null };
  }
  return {
    text: storable(value),
    words: wordsColumn(searchWords(value)),
    number: numberOf(value) ?? null,
    time: parseIsoDate(value) ?? null,
  };
}

function termsOfItem(field: string, item: Scalar): string[] {
  const { text, number, time } = columnsOf(item);
  return [
    customTerms.text(field, text ?? ""),
    ...(number === null ? [] : [customTerms.number(field, number)]),
    ...(time === null ? [] : [customTerms.time(field, time)]),
  ];
}
