import { splitRest } from "../delivery-url.ts";
import { queryValue, splitQuery } from "../query.ts";

/** A target of another service, translated. */
export interface Rewritten {
  /** The target without what was translated. */
  readonly rest: string;
  /** Steps of our transformation language, in their order. */
  readonly transformations: readonly string[];
}

/** Thrown for a part of a URL that has no translation. The message names the part, in visible ASCII alone. */
export class RewriteProblem extends Error {
  constructor(service: string, part: string) {
    super(`The ${service} parameter ${printable(part)} can't be translated`);
  }
}

const maxPartLength = 60;

function printable(part: string): string {
  return part.replaceAll(/[^\x21-\x7e]/g, "?").slice(0, maxPartLength);
}

/** A translation of one value. Undefined stands for a value that can't be translated, null for one that says nothing. */
export type Translate = (value: string) => string | null | undefined;

export const wholeOrFraction = /^\d{1,5}(?:\.\d{1,4})?$/;

/** Translates a value that is a number there and here. */
export function numeric(key: string): Translate {
  return (value) => (wholeOrFraction.test(value) ? `${key}-${value}` : undefined);
}

export function keyword(key: string, words: Readonly<Record<string, string>>): Translate {
  return (value) => (Object.hasOwn(words, value) ? `${key}-${words[value]}` : undefined);
}

const maxAlpha = 99;

/**
 * The colour as our language writes it: a CSS name, or `RRGGBB` with an opacity from 00 to 99.
 * @param hex 3, 4, 6 or 8 digits
 * @param alpha the place of the alpha channel in `hex`
 */
export function hexColour(hex: string, alpha: "first" | "last"): string | undefined {
  if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(hex)) return undefined;
  const long = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join("") : hex;
  const solid = long.toUpperCase();
  if (solid.length === 6) return solid;
  const [rgb, opacity] = alpha === "last" ? [solid.slice(0, 6), solid.slice(6)] : [solid.slice(2), solid.slice(0, 2)];
  const percent = Math.min(maxAlpha, Math.round((Number.parseInt(opacity, 16) / 255) * 100));
  return `${rgb}${String(percent).padStart(2, "0")}`;
}

export function colourName(text: string): string | undefined {
  return /^[a-z]{3,30}$/i.test(text) ? text.toLowerCase() : undefined;
}

/** Reads the value of a parameter. */
type ReadParameter = (name: string) => string | undefined;

/**
 * Translates the parameters of a query, each by its name.
 * @param untranslated the service's other parameters: leaving them out would deliver something else than the URL asks for
 * @throws RewriteProblem
 */
export function translateQuery(
  service: string,
  rest: string,
  known: Readonly<Record<string, Translate>>,
  untranslated: RegExp,
): { readonly parts: Map<string, string>; readonly read: ReadParameter } {
  const { query } = splitRest(rest);
  const pairs = query === undefined ? [] : splitQuery(query);
  const read: ReadParameter = (name) => queryValue(pairs, name);
  const parts = new Map<string, string>();
  for (const name of new Set(pairs.map((pair) => pair.name))) {
    if (untranslated.test(name)) throw new RewriteProblem(service, name);
    if (!Object.hasOwn(known, name)) continue;
    const value = read(name) ?? "";
    const part = known[name]?.(value);
    if (part === undefined) throw new RewriteProblem(service, `${name}=${value}`);
    if (part !== null) parts.set(name, part);
  }
  return { parts, read };
}
