import type { Checks, Comparison } from "./checks.ts";
import { ChecksError, quote } from "./checks-error.ts";
import { fieldTypes } from "./field-types.ts";
import { type CustomFields, fieldType } from "./fields.ts";
import { canBeBare } from "./literals.ts";
import { type Token, type TokenKind, tokenise } from "./tokenise.ts";
import type { Operator, Value } from "./values.ts";

/** Maximum nesting depth of parentheses. */
const deepest = 64;

/** Keywords of the language, in any case. They can't be values. */
const keywords: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "IN", "HAS"]);

/** Reads the tokens once, from first to last. */
class Reader {
  readonly text: string;
  readonly customFields: CustomFields;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string, customFields: CustomFields) {
    this.text = text;
    this.customFields = customFields;
    this.#tokens = tokenise(text);
  }

  get current(): Token {
    // The last token marks the end, and no caller takes it.
    return this.#tokens[this.#next] as Token;
  }

  /** Offset at which the last taken token ends. */
  get end(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  take(): Token {
    const token = this.current;
    if (token.kind !== "end") this.#next += 1;
    return token;
  }

  takeIf(matches: (token: Token) => boolean): Token | undefined {
    return matches(this.current) ? this.take() : undefined;
  }

  expect(kind: TokenKind, expected: string): Token {
    return this.current.kind === kind ? this.take() : this.refuse(expected);
  }

  refuse(expected: string): never {
    const { kind, text, start } = this.current;
    throw new ChecksError(start, `expected ${expected}, found ${kind === "end" ? "the end" : quote(text)}`);
  }
}

/**
 * Parses an upload's `checks` in time linear in their length (docs/protocol/upload.md §10). AND binds tighter than OR.
 * Keywords are read in any case.
 * @param customFields the account's custom metadata fields
 * @throws ChecksError and nothing else
 */
export function parseChecks(text: string, customFields: CustomFields = new Map()): Checks {
  const reader = new Reader(text, customFields);
  const checks = readJunction(reader, "or", 0);
  if (reader.current.kind !== "end") reader.refuse("AND, OR or the end");
  return checks;
}

function readJunction(reader: Reader, kind: "and" | "or", depth: number): Checks {
  const { start } = reader.current;
  const operands: Checks[] = [];
  do {
    operands.push(kind === "or" ? readJunction(reader, "and", depth) : readTerm(reader, depth));
  } while (reader.takeIf((token) => isKeyword(token, kind.toUpperCase())) !== undefined);
  const [only] = operands;
  if (only !== undefined && operands.length === 1) return only;
  return { kind, operands, text: reader.text.slice(start, reader.end) };
}

function readTerm(reader: Reader, depth: number): Checks {
  const opening = reader.takeIf(({ kind }) => kind === "open");
  if (opening === undefined) return readComparison(reader);
  if (depth === deepest) throw new ChecksError(opening.start, `parentheses are nested more than ${deepest} deep`);
  const inner = readJunction(reader, "or", depth + 1);
  reader.expect("close", "AND, OR or )");
  return inner;
}

function readComparison(reader: Reader): Comparison {
  const field = reader.expect("string", "a field in quotes or (");
  const type = fieldType(field.text, reader.customFields);
  if (type === undefined) throw new ChecksError(field.start, `there is no field ${quote(field.text)}`);
  const { operators } = fieldTypes[type];
  const { start } = reader.current;
  const operator = readOperator(reader);
  if (!(operators as readonly Operator[]).includes(operator)) {
    throw new ChecksError(start, `${field.text} takes ${operators.join(", ")}, not ${operator}`);
  }
  const read = (): Value => readValue(reader, type);
  const values = operator === "IN" || operator === "NOT IN" ? readList(reader, read) : [read()];
  return {
    kind: "comparison",
    field: field.text,
    type,
    operator,
    values,
    text: reader.text.slice(field.start, reader.end),
  };
}

function readOperator(reader: Reader): Operator {
  const not = reader.takeIf((token) => isKeyword(token, "NOT"));
  // Drafts of the language wrote HAS instead of IN for lists.
  const member = reader.takeIf((token) => isKeyword(token, "IN") || isKeyword(token, "HAS"));
  if (member !== undefined) return not === undefined ? "IN" : "NOT IN";
  const token = reader.takeIf(({ kind, text }) => kind === "operator" && (not === undefined || text === "="));
  if (token === undefined) return reader.refuse(not === undefined ? "an operator" : "= or IN");
  return not === undefined ? (token.text as Operator) : "NOT =";
}

function readList(reader: Reader, read: () => Value): readonly Value[] {
  reader.expect("open list", "[");
  const values: Value[] = [];
  do {
    values.push(read());
  } while (reader.takeIf(({ kind }) => kind === "comma") !== undefined);
  reader.expect("close list", ", or ]");
  return values;
}

function readValue(reader: Reader, type: Comparison["type"]): Value {
  const token = reader.current;
  const { expects, read } = fieldTypes[type];
  if (token.kind !== "string" && (token.kind !== "word" || keywords.has(token.text.toUpperCase()))) {
    return reader.refuse(expects);
  }
  const quoted = token.kind === "string";
  if (!quoted && !canBeBare(token.text)) throw new ChecksError(token.start, `${quote(token.text)} must be in quotes`);
  const value = read({ text: token.text, quoted });
  if (value === undefined) return reader.refuse(expects);
  reader.take();
  return value;
}

function isKeyword({ kind, text }: Token, keyword: string): boolean {
  return kind === "word" && text.toUpperCase() === keyword;
}
