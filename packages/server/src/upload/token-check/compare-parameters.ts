import type { TokenReport } from "@sluice/protocol/schemas";
import { type Claims, compareField, joinList } from "@sluice/token";

/** A text field of a form. */
export type FormField = readonly [name: string, value: string];

type Compared = TokenReport["parameters"][number];

/** Sets the token's parameters beside those of the form, one by one: the token's first, in their order. */
export function compareParameters(claims: Claims, form: readonly FormField[]): Compared[] {
  const values = new Map<string, string[]>();
  for (const [name, value] of form) {
    const sent = values.get(name);
    if (sent === undefined) values.set(name, [value]);
    else sent.push(value);
  }
  const names = new Set([...claims.keys(), ...values.keys()]);
  return [...names].map((name) => {
    const sent = asOneList(name, values.get(name) ?? [], claims.get(name));
    return { name, outcome: outcomeOf(claims, name, sent), inToken: claimText(claims, name), inForm: sent[0] ?? null };
  });
}

/** A list that came entry by entry is the text that its fields stand for, unless a single field is what is claimed. */
function asOneList(name: string, sent: readonly string[], claim: unknown): readonly string[] {
  const joined = sent.length === 1 && sent[0] === claim ? undefined : joinList(name, sent);
  return joined === undefined ? sent : [joined];
}

function outcomeOf(claims: Claims, name: string, sent: readonly string[]): Compared["outcome"] {
  const [first, second] = sent;
  if (first === undefined) return "missing";
  const compared = compareField(claims, name, first);
  if (compared === "match") return second === undefined ? "same" : "repeated";
  return compared;
}

function claimText(claims: Claims, name: string): string | null {
  if (!claims.has(name)) return null;
  const claim = claims.get(name);
  return typeof claim === "string" ? claim : JSON.stringify(claim);
}
