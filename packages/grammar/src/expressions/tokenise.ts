import { type ExpressionErrorClass, quote } from "./expression-error.ts";

export type TokenKind =
  | "open"
  | "close"
  | "open list"
  | "close list"
  | "comma"
  | "operator"
  | "string"
  | "word"
  | "end";

export interface Token {
  readonly kind: TokenKind;
  /** The text as written. For a string, it is the text between the quotes with its escapes resolved. */
  readonly text: string;
  /** Offsets into the expression. */
  readonly start: number;
  readonly end: number;
}

const brackets: Readonly<Record<string, TokenKind>> = {
  "(": "open",
  ")": "close",
  "[": "open list",
  "]": "close list",
  ",": "comma",
};

/** Matches one token. Each alternative begins with different characters, so no character is tried twice. */
const pattern = /([()[\],])|(<=|>=|[=:<>])|(["'])|([^\s()[\],=:<>"']+)/y;
const stringPatterns = { '"': /((?:[^"\\]|\\.)*)"/sy, "'": /((?:[^'\\]|\\.)*)'/sy } as const;

/**
 * Splits an expression into its tokens. The last token marks the end of the expression.
 * @param Refusal what is thrown for a string that isn't closed
 */
export function tokenise(text: string, Refusal: ExpressionErrorClass): Token[] {
  const tokens: Token[] = [];
  let offset = skipSpace(text, 0);
  while (offset < text.length) {
    const token = readToken(text, offset, Refusal);
    tokens.push(token);
    offset = skipSpace(text, token.end);
  }
  return [...tokens, { kind: "end", text: "", start: text.length, end: text.length }];
}

function skipSpace(text: string, offset: number): number {
  const space = /\s*/y;
  space.lastIndex = offset;
  space.test(text);
  return space.lastIndex;
}

function readToken(text: string, start: number, Refusal: ExpressionErrorClass): Token {
  pattern.lastIndex = start;
  const [whole = "", bracket, operator, opening] = pattern.exec(text) ?? [];
  const end = start + whole.length;
  if (opening === '"' || opening === "'") return readString(text, start, opening, Refusal);
  const kind = bracket === undefined ? undefined : brackets[bracket];
  return { kind: kind ?? (operator === undefined ? "word" : "operator"), text: whole, start, end };
}

/** Reads a string. A backslash escapes a quote or a backslash; before any other character it stands for itself. */
function readString(
  text: string,
  start: number,
  opening: keyof typeof stringPatterns,
  Refusal: ExpressionErrorClass,
): Token {
  const rest = stringPatterns[opening];
  rest.lastIndex = start + 1;
  const [whole, content = ""] = rest.exec(text) ?? [];
  if (whole === undefined) throw new Refusal(start, `the string ${quote(text.slice(start + 1))} has no closing quote`);
  return { kind: "string", text: content.replaceAll(/\\(["'\\])/g, "$1"), start, end: start + 1 + whole.length };
}
