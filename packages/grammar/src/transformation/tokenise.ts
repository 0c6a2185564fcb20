import { percentDecode } from "../text/percent.ts";
import { transformationBounds } from "./transformation-bounds.ts";
import { TransformationError } from "./transformation-error.ts";

/** The part of the URL in which a transformation stood. Only in a query does a plus mean a space, as in a form. */
export type TransformationForm = "path" | "query";

/** A transformation as it stood in a URL, still encoded, with or without `tr:` before it. */
export interface WrittenTransformation {
  readonly text: string;
  readonly form: TransformationForm;
}

export interface Token {
  /** The decoded text between two delimiters. It can be empty, because callers may write nothing there. */
  readonly text: string;
  /** Whether a colon stands before the token. */
  readonly startsStep: boolean;
}

const { characters, steps, parameters } = transformationBounds;

/**
 * Returns the tokens of each text. The bounds apply to all texts together and are checked before any token is made.
 * @throws TransformationError TOO_LONG, TOO_MANY_STEPS, TOO_MANY_PARAMETERS, INVALID_ENCODING
 */
export function tokenise(written: readonly WrittenTransformation[]): Token[][] {
  const length = written.reduce((sum, { text }) => sum + text.length, 0);
  if (length > characters.max) throw new TransformationError("TOO_LONG");
  const found = { steps: 0, parameters: 0 };
  return written.map((one) => {
    const text = readDelimiters(one);
    const { colons, commas } = countDelimiters(text.text);
    found.steps += 1 + colons;
    found.parameters += 1 + colons + commas;
    if (found.steps > steps.max) throw new TransformationError("TOO_MANY_STEPS");
    if (found.parameters > parameters.max) throw new TransformationError("TOO_MANY_PARAMETERS");
    return joinRatios(split(text));
  });
}

interface DelimitedText {
  /** The commas and colons in this text are delimiters. */
  readonly text: string;
  /** Whether the text between the delimiters is decoded already. */
  readonly decoded: boolean;
}

/**
 * Text between delimiters is decoded after splitting, so an encoded delimiter is part of a value. If all delimiters are
 * encoded, a generic query builder has encoded the whole text, and it is decoded first
 * (docs/protocol/delivery.md §1.3).
 */
function readDelimiters({ text: source, form }: WrittenTransformation): DelimitedText {
  const raw = withoutPrefix(source.toWellFormed());
  const whollyEncoded = !/[,:]/.test(raw) && /%2c|%3a/i.test(raw);
  if (!whollyEncoded) return { text: raw, decoded: false };
  return { text: withoutPrefix(decode(form === "query" ? raw.replaceAll("+", " ") : raw)), decoded: true };
}

function countDelimiters(text: string): { readonly colons: number; readonly commas: number } {
  let [colons, commas] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] === ":") colons += 1;
    else if (text[index] === ",") commas += 1;
  }
  return { colons, commas };
}

function split({ text, decoded }: DelimitedText): Token[] {
  const pieces = text.split(/([,:])/);
  const tokens: Token[] = [];
  for (let index = 0; index < pieces.length; index += 2) {
    const piece = pieces[index] ?? "";
    tokens.push({ text: decoded ? piece : decode(piece), startsStep: pieces[index - 1] === ":" });
  }
  return tokens;
}

/**
 * Joins ratios that callers write as `ar-4:3`. This is safe because no step can begin with a bare number
 * (docs/protocol/transformations.md §1).
 */
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
