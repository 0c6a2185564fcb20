import { percentDecode } from "@sluice/grammar";

/** One `name=value` pair of a query, byte for byte as it was sent. `text` is the whole pair. */
export interface QueryPair {
  readonly text: string;
  readonly name: string;
  readonly value: string;
}

/**
 * Splits a raw query without decoding anything, because signatures cover its bytes and their order
 * (docs/protocol/delivery.md §3.1).
 */
export function splitQuery(query: string): QueryPair[] {
  return query.split("&").map((text) => {
    const equals = text.indexOf("=");
    return equals === -1
      ? { text, name: text, value: "" }
      : { text, name: text.slice(0, equals), value: text.slice(equals + 1) };
  });
}

/** The raw values of all pairs with this name. */
export function rawValues(pairs: readonly QueryPair[], name: string): string[] {
  return pairs.filter((pair) => pair.name === name).map((pair) => pair.value);
}

/** The first value with this name, decoded; empty when it is not UTF-8. */
export function queryValue(pairs: readonly QueryPair[], name: string): string | undefined {
  const [raw] = rawValues(pairs, name);
  return raw === undefined ? undefined : (percentDecode(raw) ?? "");
}
