import type { Option } from "../complete/use-completion.ts";
import { texts } from "../texts/texts.ts";
import { quoted } from "./search-query.ts";
import type { Term } from "./search-terms.ts";

/** An option for a place of a query. */
export interface QueryOption extends Option {
  /** Replaces what has been typed of it. */
  readonly insert: string;
}

/** The place of the caret in a query, as far as it says what may follow. */
export interface QueryPlace {
  readonly expected: "field" | "operator" | "value" | "item" | "after item" | "junction";
  readonly term: Term | undefined;
  /** The beginning of the word at the caret, without its quotes. */
  readonly typed: string;
  /** The index at which that word begins, its quotes included. */
  readonly from: number;
}

const token = /"(?:[^"\\]|\\.)*(?:"|$)|<=|>=|[=<>:[\](),]|[^\s"=<>:[\](),]+/g;
const relations: ReadonlySet<string> = new Set(["=", ":", "<", "<=", ">", ">=", "HAS"]);

/**
 * Reads the text before the caret.
 * @returns undefined where it is no query, so that nothing can be said of what follows
 */
export function placeIn(before: string, terms: readonly Term[]): QueryPlace | undefined {
  const tokens = [...before.matchAll(token)].map((match) => ({ text: match[0], from: match.index }));
  const last = tokens.at(-1);
  // The word at the caret is still being typed.
  const isTyping = last !== undefined && last.from + last.text.length === before.length && isWord(last.text);
  if (isTyping) tokens.pop();
  let expected: QueryPlace["expected"] = "field";
  let term: Term | undefined;
  for (const { text } of tokens) {
    const word = text.toUpperCase();
    if (expected === "field") {
      if (text === "(") continue;
      term = terms.find(({ field }) => unquoted(field) === unquoted(text));
      if (term === undefined) return undefined;
      expected = "operator";
    } else if (expected === "operator") {
      if (word === "NOT") continue;
      if (word === "EXISTS") expected = "junction";
      else if (word === "IN") continue;
      else if (text === "[") expected = "item";
      else if (relations.has(word)) expected = "value";
      else return undefined;
    } else if (expected === "value") expected = "junction";
    else if (expected === "item") expected = text === "]" ? "junction" : "after item";
    else if (expected === "after item") expected = text === "]" ? "junction" : "item";
    else if (word === "AND" || word === "OR") expected = "field";
    else if (text !== ")") return undefined;
  }
  const typed = isTyping ? unquoted(last.text) : "";
  return { expected, term, typed, from: isTyping ? last.from : before.length };
}

function isWord(text: string): boolean {
  return !/^[=<>:[\](),]/.test(text) && !/^".*[^\\]"$/.test(text);
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1");
}

/** More options than this are a burden. */
const maxOptions = 12;

/** @param tags tags of the library that begin as what is typed at the place */
export function optionsAt(place: QueryPlace, terms: readonly Term[], tags: readonly string[]): readonly QueryOption[] {
  const { expected, term, typed } = place;
  const words = texts.complete;
  switch (expected) {
    case "field": {
      const fitting = terms.filter(({ field, label }) => typed === "" || begins([unquoted(field), label], typed));
      const asTags = tags.map((tag) => ({
        key: `tag ${tag}`,
        label: tag,
        hint: words.tag,
        insert: `tags IN [${quoted(tag)}] `,
      }));
      const asFields = fitting.map(({ field, label }) => ({
        key: field,
        label,
        hint: unquoted(field),
        insert: `${field} `,
      }));
      return [...asFields, ...asTags].slice(0, maxOptions);
    }
    case "operator": {
      const spelled = (term?.operators ?? []).filter((operator) =>
        begins([operator, words.operators[operator]], typed),
      );
      return spelled.map((operator) => ({
        key: operator,
        label: operator,
        hint: words.operators[operator],
        insert: operator.endsWith("IN") ? `${operator} [` : `${operator} `,
      }));
    }
    case "value":
    case "item": {
      const end = expected === "item" ? "" : " ";
      const values = term?.values === "tags" ? tags.map((tag) => ({ text: quoted(tag) })) : (term?.values ?? []);
      return values
        .filter(({ text, hint = "" }: { text: string; hint?: string }) => begins([unquoted(text), hint], typed))
        .slice(0, maxOptions)
        .map(({ text, hint }: { text: string; hint?: string }) => ({
          key: text,
          label: unquoted(text),
          hint,
          insert: text + end,
        }));
    }
    case "after item":
      return typed === ""
        ? [
            { key: "]", label: "]", hint: words.endList, insert: "] " },
            { key: ",", label: ",", hint: words.nextItem, insert: ", " },
          ]
        : [];
    default:
      return (["AND", "OR"] as const)
        .filter((junction) => begins([junction], typed))
        .map((junction) => ({
          key: junction,
          label: junction,
          hint: words.junctions[junction],
          insert: `${junction} `,
        }));
  }
}

function begins(texts: readonly string[], typed: string): boolean {
  const lower = typed.toLowerCase();
  return texts.some((text) => {
    const whole = text.toLowerCase();
    return whole.startsWith(lower) || whole.includes(` ${lower}`) || whole.includes(`.${lower}`);
  });
}
