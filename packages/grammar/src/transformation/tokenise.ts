import { percentDecode } from "../text/percent.ts";
import { TransformationError } from "./transformation-error.ts";

/** Where a transformation stood in the URL: a form decoder's plus is a space in a query alone. */
export type TransformationForm = "path" | "query";

export interface Token {
  /** Decoded; what a caller may write is between two delimiters, so it can be empty. */
  readonly text: string;
  /** A colon stands before it. */
  readonly startsStep: boolean;
}

/**
 * Splits at commas and colons, then decodes what is between them, so that an encoded delimiter is part of a value. Where
 * all of them are encoded, a generic query builder has been at work and the whole is decoded first (spec/delivery.md §1.3).
 * @throws TransformationError INVALID_ENCODING
 */
export function tokenise(source: string, form: TransformationForm): Token[] {
  const raw = withoutPrefix(source.toWellFormed());
  const whollyEncoded = !/[,:]/.test(raw) && /%2c|%3a/i.test(raw);
  const text = whollyEncoded ? withoutPrefix(decode(form === "query" ? raw.replaceAll("+", " ") : raw)) : raw;
  const pieces = text.split(/([,:])/);
  const tokens: Token[] = [];
  for (let index = 0; index < pieces.length; index += 2) {
    const piece = pieces[index] ?? "";
    tokens.push({ text: whollyEncoded ? piece : decode(piece), startsStep: pieces[index - 1] === ":" });
  }
  return joinRatios(tokens);
}

/** `ar-4:3` is how some callers write a ratio: no step can begin with a bare number (spec/transformations.md §1). */
function joinRatios(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const previous = joined.at(-1);
    const isHeight = token.startsStep && /^\d+(?:\.\d+)?$/.test(token.text);
    if (isHeight && previous !== undefined && /^ar-\d+(?:\.\d+)?$/.test(previous.text)) {
      joined[joined.length - 1] = { ...previous, text: `${previous.text}-${token.text}` };
    } else {
      joined.push(token);
    }
  }
  return joined;
}

function withoutPrefix(text: string): string {
  return text.startsWith("tr:") ? text.slice("tr:".length) : text;
}

function decode(text: string): string {
  const decoded = percentDecode(text);
  if (decoded === undefined) throw new TransformationError("INVALID_ENCODING", text);
  return decoded;
}
