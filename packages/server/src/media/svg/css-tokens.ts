/** A piece of CSS. Pieces are told apart as far as needed to know what a browser would do with them. */
export interface CssToken {
  readonly kind: "space" | "string" | "url" | "function" | "name" | "at" | "hash" | "bad" | "sign";
  /** The text as it was written; for a comment, the space that it stands for. */
  readonly text: string;
  /** The name of a function or an at-rule, in lower case; the target of a URL without quotes, unchanged. */
  readonly value: string;
}

// Each pattern matches one piece in only one way, and reaches the end of what it begins. So no input makes the patterns
// backtrack.
const space = /[ \t\n\r\f]+/y;
const comment = /\/\*.*?(?:\*\/|$)/sy;
const string =
  /"[^"\\\n\r\f]*(?:\\.[^"\\\n\r\f]*)*(?:"|(?=[\n\r\f])|\\?$)|'[^'\\\n\r\f]*(?:\\.[^'\\\n\r\f]*)*(?:'|(?=[\n\r\f])|\\?$)/sy;
const url = /url\([ \t\n\r\f]*(?!["' \t\n\r\f])([^"'()\\ \t\n\r\f]*)[ \t\n\r\f]*\)/iy;
const badUrl = /url\([ \t\n\r\f]*(?!["' \t\n\r\f])[^)]*\)?/iy;
const name = /(?:[\w\u0080-\uffff-]|\\[^\n\r\f])+/y;

/** Splits a text into the tokens of CSS Syntax Level 3 §4. Everything that is fetched is a token of its own here. */
export function* cssTokens(text: string): Generator<CssToken> {
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found;
  };
  while (position < text.length) yield nextToken(match, () => text.charAt(position++));
}

type Match = (pattern: RegExp) => RegExpExecArray | null;

function nextToken(match: Match, nextSign: () => string): CssToken {
  const blank = match(space) ?? match(comment);
  if (blank !== null) return { kind: "space", text: " ", value: "" };
  const quoted = match(string)?.[0];
  if (quoted !== undefined) {
    const closed = quoted.length > 1 && quoted.at(-1) === quoted[0];
    return { kind: closed ? "string" : "bad", text: quoted, value: quoted.slice(1, -1) };
  }
  const link = match(url);
  if (link !== null) return { kind: "url", text: link[0], value: link[1] ?? "" };
  const broken = match(badUrl)?.[0];
  if (broken !== undefined) return { kind: "bad", text: broken, value: "" };
  const word = match(name)?.[0];
  if (word !== undefined) return match(opening) === null ? named("name", word) : named("function", `${word}(`);
  const sign = nextSign();
  const rest = sign === "@" || sign === "#" ? match(name)?.[0] : undefined;
  if (rest === undefined) return { kind: "sign", text: sign, value: sign };
  return named(sign === "@" ? "at" : "hash", sign + rest);
}

const opening = /\(/y;

function named(kind: CssToken["kind"], text: string): CssToken {
  return { kind, text, value: text.toLowerCase().replace(/^[@#]|\($/g, "") };
}
