import type { CustomFields } from "../checks/fields.ts";
import { quote } from "../expressions/expression-error.ts";
import type { Literal } from "../expressions/literals.ts";
import { isKeyword, Reader, readList } from "../expressions/reader.ts";
import type { Token } from "../expressions/tokenise.ts";
import { findField } from "./find-field.ts";
import { type SearchOperator, searchKeywords } from "./operators.ts";
import type { Clause } from "./rules.ts";
import { searchBounds } from "./search-bounds.ts";
import type { SearchCondition, SearchJunction, SearchQuery } from "./search-query.ts";
import { SearchQueryError } from "./search-query-error.ts";

export interface SearchQueryOptions {
  /** The account's custom metadata fields. */
  readonly customFields: CustomFields;
  /** The time in Unix milliseconds, from which ages such as `7d` are counted. */
  readonly now: number;
}

/**
 * Parses a searchQuery in time linear in its length (docs/protocol/media-api.md §4.1). AND binds tighter than OR.
 * Keywords are read in any case.
 * @throws SearchQueryError and nothing else
 */
export function parseSearchQuery(text: string, options: SearchQueryOptions): SearchQuery {
  assertReadable(text);
  const parser = new Parser(new Reader(text, SearchQueryError), options);
  const query = parser.readJunction("or", 0);
  if (parser.reader.current.kind !== "end") parser.reader.refuse("AND, OR or the end");
  return query;
}

/** No database stores the refused characters, and PostgreSQL takes no statement with them. */
function assertReadable(text: string): void {
  const { characters } = searchBounds;
  if (text.length > characters) {
    throw new SearchQueryError(characters, `a query has at most ${characters} characters`);
  }
  const offset = text.search(/\0|\p{Surrogate}/u);
  if (offset >= 0) throw new SearchQueryError(offset, "this character can't be part of a text");
}

class Parser {
  readonly reader: Reader;
  readonly #options: SearchQueryOptions;
  #conditions = 0;
  #values = 0;

  constructor(reader: Reader, options: SearchQueryOptions) {
    this.reader = reader;
    this.#options = options;
  }

  readJunction(kind: SearchJunction["kind"], depth: number): SearchQuery {
    const operands: SearchQuery[] = [];
    do {
      const operand = kind === "or" ? this.readJunction("and", depth) : this.#readTerm(depth);
      operands.push(...(operand.kind === kind ? operand.operands : [operand]));
    } while (this.reader.takeKeyword(kind.toUpperCase()) !== undefined);
    const [only] = operands;
    return only !== undefined && operands.length === 1 ? only : { kind, operands };
  }

  #readTerm(depth: number): SearchQuery {
    const opening = this.reader.takeIf(({ kind }) => kind === "open");
    if (opening === undefined) return this.#readCondition();
    if (depth === searchBounds.depth) {
      throw new SearchQueryError(opening.start, `parentheses are nested more than ${searchBounds.depth} deep`);
    }
    const inner = this.readJunction("or", depth + 1);
    this.reader.expect("close", "AND, OR or )");
    return inner;
  }

  #readCondition(): SearchCondition {
    const token = this.#takeField();
    this.#conditions += 1;
    if (this.#conditions > searchBounds.conditions) {
      throw new SearchQueryError(token.start, `a query has at most ${searchBounds.conditions} conditions`);
    }
    const { rules, target } = findField(token, this.#options.customFields);
    const { start } = this.reader.current;
    const operator = this.#readOperator();
    const rule = rules[operator];
    if (rule === undefined) {
      const operators = Object.keys(rules).join(", ");
      throw new SearchQueryError(start, `${quote(token.text)} takes ${operators}, not ${operator}`);
    }
    const test = rule(this.#clause(operator));
    // The tables of fields have the field's own rules, which make its own tests.
    return { kind: "condition", ...target, negated: operator.startsWith("NOT "), test } as SearchCondition;
  }

  #takeField(): Token {
    const { current } = this.reader;
    if (isKeyword(current, "NOT")) {
      throw new SearchQueryError(current.start, 'NOT stands after the field, as in name NOT = "a"');
    }
    if (current.kind === "string" || (current.kind === "word" && !isReserved(current))) return this.reader.take();
    return this.reader.refuse("a field or (");
  }

  #readOperator(): SearchOperator {
    const { reader } = this;
    const not = reader.takeKeyword("NOT") === undefined ? "" : "NOT ";
    for (const operator of ["IN", "EXISTS"] as const) {
      if (reader.takeKeyword(operator) !== undefined) return `${not}${operator}`;
    }
    if (not !== "") {
      return reader.takeIf(({ text, kind }) => kind === "operator" && text === "=") === undefined
        ? reader.refuse("=, IN or EXISTS after NOT")
        : "NOT =";
    }
    if (reader.takeKeyword("HAS") !== undefined) return "HAS";
    const token = reader.takeIf(({ kind }) => kind === "operator");
    return token === undefined ? reader.refuse("an operator") : (token.text as SearchOperator);
  }

  #clause(operator: SearchOperator): Clause {
    return {
      operator,
      now: this.#options.now,
      values: (expects, read) => {
        const readValue = () => this.#readValue(expects, read);
        const values = operator === "IN" || operator === "NOT IN" ? readList(this.reader, readValue) : [readValue()];
        // A list that is read has at least one value.
        return values as [ReturnType<typeof readValue>, ...ReturnType<typeof readValue>[]];
      },
    };
  }

  #readValue<Value>(expects: string, read: (literal: Literal) => Value | undefined): Value {
    const { reader } = this;
    const token = reader.current;
    if (token.kind !== "string" && (token.kind !== "word" || isReserved(token))) return reader.refuse(expects);
    this.#values += 1;
    if (this.#values > searchBounds.values) {
      throw new SearchQueryError(token.start, `the conditions of a query have at most ${searchBounds.values} values`);
    }
    const value = read({ text: token.text, quoted: token.kind === "string" });
    if (value === undefined) return reader.refuse(expects);
    reader.take();
    return value;
  }
}

function isReserved({ text }: Token): boolean {
  return searchKeywords.has(text.toUpperCase());
}
