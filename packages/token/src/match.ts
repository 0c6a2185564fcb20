import { beginsList, isListParameter, joinList } from "./repeated-lists.ts";

/** A token's claims without `iat` and `exp`, by name. */
export type Claims = ReadonlyMap<string, unknown>;

/**
 * Contains names only. Values may be private, and the claims came with a signature that proves nothing about the form.
 */
export interface PayloadDifferences {
  /** Claimed, but not sent. */
  readonly missing: readonly string[];
  /** Sent, but not claimed; also what was sent more than once, and fields called `iat` or `exp`. */
  readonly extra: readonly string[];
  /** Claimed and sent with another value, or claimed as something other than a string. */
  readonly different: readonly string[];
}

export interface MatchOptions {
  /**
   * Whether the form may go on. Then nothing is missing yet, and the fields of a list may be the beginning of the list
   * that is claimed. Default: false.
   */
  readonly mayGoOn?: boolean | undefined;
}

/**
 * Compares one text field, other than `file` and `token`, with the claims. The field is compared as it arrives: raw,
 * before any default or clean-up, equal as strings or not at all (docs/protocol/upload.md §3, §15.3).
 */
export function compareField(claims: Claims, name: string, value: string): "match" | "extra" | "different" {
  if (!claims.has(name)) {
    return "extra";
  }
  return claims.get(name) === value ? "match" : "different";
}

/**
 * Compares a whole form with the claims: both must name the same fields with the same strings. A list may come as fields
 * of one name, one for each entry; it is compared as the one text that these fields stand for (`joinList`). Entries
 * called `file` and `token` are skipped. Returns undefined when nothing differs.
 */
export function matchPayload(
  claims: Claims,
  fields: Iterable<readonly [name: string, value: string]>,
  { mayGoOn = false }: MatchOptions = {},
): PayloadDifferences | undefined {
  const sent = new Map<string, string[]>();
  for (const [name, value] of fields) {
    if (name === "file" || name === "token") {
      continue;
    }
    const values = sent.get(name);
    if (values === undefined) sent.set(name, [value]);
    else values.push(value);
  }
  const extra: string[] = [];
  const different: string[] = [];
  for (const [name, values] of sent) {
    const compared = compareField(claims, name, values[0] ?? "");
    if (compared !== "extra" && isListParameter(name)) {
      if (!matchesList(claims, name, values, mayGoOn)) different.push(name);
      continue;
    }
    if (compared === "extra" || values.length > 1) extra.push(name);
    if (compared === "different") different.push(name);
  }
  const missing = mayGoOn ? [] : [...claims.keys()].filter((name) => !sent.has(name));
  if (missing.length + extra.length + different.length === 0) {
    return undefined;
  }
  return { missing, extra, different };
}

function matchesList(claims: Claims, name: string, values: readonly string[], mayGoOn: boolean): boolean {
  const claim = claims.get(name);
  if (values.length === 1 && claim === values[0]) return true;
  const joined = joinList(name, values);
  return joined !== undefined && (claim === joined || (mayGoOn && beginsList(name, values, claim)));
}

/**
 * Lists the parameters that are on one side only or have another value, and says why a claim's type doesn't fit. The
 * text is for an error's help: `in the token, but not in the form: tags; with another value: folder`. Long lists and
 * names are cut.
 */
export function describeDifferences({ missing, extra, different }: PayloadDifferences, claims: Claims): string {
  const isText = (name: string): boolean => typeof claims.get(name) === "string";
  const kinds: readonly (readonly [kind: string, names: readonly string[]])[] = [
    ["in the token, but not in the form", missing],
    ["in the form, but not in the token", extra.filter((name) => !claims.has(name))],
    ["in the form more than once", extra.filter((name) => claims.has(name))],
    ["with another value in the form than in the token", different.filter(isText)],
    [
      "not a string in the token, as every form field is",
      different.filter((name) => !isText(name)).map((name) => `${shorten(name)} (${typeName(claims.get(name))})`),
    ],
  ];
  return kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${kind}: ${shortList(names)}`)
    .join("; ");
}

/** Returns the JSON type of a claim. */
export function typeName(claim: unknown): string {
  if (claim === null) return "null";
  return Array.isArray(claim) ? "array" : typeof claim;
}

function shorten(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => (name.length > 80 ? shorten(name) : name));
  return names.length > shown.length ? `${shown.join(", ")} and ${names.length - shown.length} more` : shown.join(", ");
}
