import { quote } from "../expressions/expression-error.ts";
import { canBeBare } from "../expressions/literals.ts";
import { Reader, readList } from "../expressions/reader.ts";
import type { Checks, Comparison } from "./checks.ts";
import { ChecksError } from "./checks-error.ts";
import { fieldTypes } from "./field-types.ts";
import { type CustomFields, fieldType } from "./fields.ts";
import type { Operator, Value } from "./values.ts";

/** Maximum nesting depth of parentheses. */
const maxDepth = 64;

/** Keywords of the language, in any case. They can't be values. */
const keywords: ReadonlySet<string> = new Set(["AND", "OR", "NOT", "IN", "HAS"]);

/**
 * Parses an upload's `checks` in time linear in their length (docs/protocol/upload.md §10). AND binds tighter than OR.
 * Keywords are read in any case.
 * @param customFields the account's custom metadata fields
 * @throws ChecksError and nothing else
 */
export function parseChecks(text: string, customFields: CustomFields = new Map()): Checks {
  const reader = new Reader(text, ChecksError);
  const checks = readJunction(reader, customFields, "or", 0);
  if (reader.current.kind !== "end") reader.refuse("AND, OR or the end");
  return checks;
}

function readJunction(reader: Reader, fields: CustomFields, kind: "and" | "or", depth: number): Checks {
  const { start } = reader.current;
  const operands: Checks[] = [];
  do {
    operands.push(kind === "or" ? readJunction(reader, fields, "and", depth) : readTerm(reader, fields, depth));
  } while (reader.takeKeyword(kind.toUpperCase()) !== undefined);
  const [only] = operands;
  if (only !== undefined && operands.length === 1) return only;
  return { kind, operands, text: reader.text.slice(start, reader.end) };
}

function readTerm(reader: Reader, fields: CustomFields, depth: number): Checks {
  const opening = reader.takeIf(({ kind }) => kind === "open");
  if (opening === undefined) return readComparison(reader, fields);
  if (depth === maxDepth) throw new ChecksError(opening.start, `parentheses are nested more than ${maxDepth} deep`);
  const inner = readJunction(reader, fields, "or", depth + 1);
  reader.expect("close", "AND, OR or )");
  return inner;
}

function readComparison(reader: Reader, fields: CustomFields): Comparison {
  const field = reader.expect("string", "a field in quotes or (");
  const type = fieldType(field.text, fields);
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
  const not = reader.takeKeyword("NOT");
  // Drafts of the language wrote HAS instead of IN for lists.
  const member = reader.takeKeyword("IN") ?? reader.takeKeyword("HAS");
  if (member !== undefined) return not === undefined ? "IN" : "NOT IN";
  const token = reader.takeIf(({ kind, text }) => kind === "operator" && (not === undefined || text === "="));
  if (token === undefined) return reader.refuse(not === undefined ? "an operator" : "= or IN");
  return not === undefined ? (token.text as Operator) : "NOT =";
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
