interface HeaderValue {
  /** The text before the first semicolon, in lower case. */
  readonly value: string;
  /** The parameters by their name in lower case. Quotes and backslash escapes are resolved, nothing else is. */
  readonly parameters: ReadonlyMap<string, string>;
}

const parameterName = /;[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=/y;
// Wider than RFC 2045's token: clients send boundaries such as `----=_Part_1` and UTF-8 names without quotes.
const unquotedValue = /[^\s";]+/y;

/**
 * Parses `value; name=token; name="quoted"` (RFC 2045 §5.1, RFC 2183 §2).
 * @returns undefined when the value is malformed or gives a parameter twice: two readers could each believe another one
 */
export function parseHeaderValue(text: string): HeaderValue | undefined {
  const semicolon = text.indexOf(";");
  const value = trimBlanks(semicolon === -1 ? text : text.slice(0, semicolon)).toLowerCase();
  const parameters = new Map<string, string>();
  let at = semicolon === -1 ? text.length : semicolon;

  while (at < text.length) {
    parameterName.lastIndex = at;
    const name = parameterName.exec(text)?.[1]?.toLowerCase();
    if (name === undefined) {
      // Some clients write a semicolon at the very end, which is accepted.
      return skipBlanks(text, at + 1) === text.length ? { value, parameters } : undefined;
    }
    const start = parameterName.lastIndex;
    const end = text[start] === '"' ? closingQuote(text, start + 1) : unquotedEnd(text, start);
    if (end === -1 || parameters.has(name)) return undefined;

    const quoted = text[start] === '"';
    parameters.set(name, quoted ? resolveBackslashes(text.slice(start + 1, end)) : text.slice(start, end));
    at = skipBlanks(text, quoted ? end + 1 : end);
    if (at < text.length && text[at] !== ";") return undefined;
  }
  return { value, parameters };
}

/** Removes spaces and tabs at both ends. `trim()` would also remove white space that HTTP doesn't call blank. */
export function trimBlanks(text: string): string {
  const start = skipBlanks(text, 0);
  let end = text.length;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Finds the quote that closes a value. Browsers leave a backslash as it is and write `filename="photo\"` for `photo\`;
 * other clients write `\"` for a quote. A quote that ends the header can only be the closing one, so both are read as
 * meant. Elsewhere the escape wins: otherwise a quote in a name that some backend passed on would start a parameter of
 * an attacker's choice.
 */
function closingQuote(text: string, start: number): number {
  for (let quote = text.indexOf('"', start); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (quote - backslashes > start && text[quote - backslashes - 1] === "\\") backslashes++;
    if (backslashes % 2 === 0 || skipBlanks(text, quote + 1) === text.length) return quote;
  }
  return -1;
}

function unquotedEnd(text: string, start: number): number {
  unquotedValue.lastIndex = start;
  return unquotedValue.test(text) ? unquotedValue.lastIndex : -1;
}

// A backslash before any other character is literal: it comes from a Windows path.
function resolveBackslashes(text: string): string {
  return text.includes("\\") ? text.replaceAll(/\\(["\\])/g, "$1") : text;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

// RFC 2046 §5.1.1: 1 to 70 characters of this set, the last one not a space.
const boundaryValue = /^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/;

/**
 * The boundary of a `multipart/form-data` request, or `undefined` when the header names none that is valid (RFC 7578
 * §4.1).
 */
export function parseBoundary(contentType: string | undefined): string | undefined {
  const header = contentType === undefined ? undefined : parseHeaderValue(contentType);
  if (header?.value !== "multipart/form-data") return undefined;
  const boundary = header.parameters.get("boundary");
  return boundary !== undefined && boundaryValue.test(boundary) ? boundary : undefined;
}
