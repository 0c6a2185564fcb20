import { type CssToken, cssTokens } from "./css-tokens.ts";

// These patterns allow only the spaces that a browser removes. Any other space that JavaScript knows would be a part
// of a URL on this server.
const withinDocument = /^[ \t\n\r\f]*#([^\s"'()\\<>]*)[ \t\n\r\f]*$/;
const rasterPicture = /^[ \t\n\r\f]*data:image\/(?:avif|bmp|gif|jpe?g|png|webp)(?:;[\w=.-]+)*,/i;
const embeddedFont =
  /^[ \t\n\r\f]*data:(?:font\/[\w.+-]+|application\/(?:x-)?font-[\w.+-]+|application\/vnd\.ms-fontobject|application\/octet-stream)(?:;[\w=.-]+)*,/i;

/** The id of an element of the same document; undefined for a reference that leads anywhere else. */
export function localTarget(reference: string): string | undefined {
  return withinDocument.exec(reference)?.[1];
}

/** Whether a reference is an embedded picture, of a kind that can't refer to anything itself. */
export function isEmbeddedPicture(reference: string): boolean {
  return rasterPicture.test(reference);
}

function isEmbeddedFont(reference: string): boolean {
  return embeddedFont.test(reference);
}

/** Functions that calculate, or make colours, shapes and transforms. Functions that fetch aren't among them. */
const allowedFunctions: ReadonlySet<string> = new Set(
  `abs acos asin atan atan2 blur brightness calc circle clamp color color-mix contrast cos cubic-bezier drop-shadow
   ellipse exp format grayscale hsl hsla hue-rotate hwb hypot inset invert lab lch light-dark linear linear-gradient
   local log matrix matrix3d max min mod oklab oklch opacity path perspective polygon pow radial-gradient ray rect rem
   repeating-linear-gradient repeating-radial-gradient rgb rgba rotate rotate3d rotatex rotatey rotatez round saturate
   scale scale3d scalex scaley scalez sepia sign sin skew skewx skewy sqrt steps tan tech translate translate3d
   translatex translatey translatez var xywh`.split(/\s+/),
);

/** Functions that selectors and conditions may use. */
const askingFunctions: ReadonlySet<string> = new Set(
  `and dir has is lang not nth-child nth-last-child nth-last-of-type nth-of-type or selector where`.split(/\s+/),
);

/** The at-rules whose block holds rules. */
const groupingRules: ReadonlySet<string> = new Set([
  "keyframes",
  "-webkit-keyframes",
  "-moz-keyframes",
  "media",
  "supports",
]);

/** The deepest nesting of rules. No honest style sheet goes deeper. */
const maxDepth = 8;

/** Properties by which old browsers ran code. */
const forbiddenProperties: ReadonlySet<string> = new Set(["behavior", "-moz-binding"]);

interface Judgement {
  /** Whether a `url()` may name an embedded font. */
  readonly fonts: boolean;
  /** Called with the id of each element of the document that a value refers to. */
  readonly refer: (id: string) => void;
}

/**
 * Whether the values that an animation goes through lead nowhere beyond the document. The values are cut at semicolons
 * before CSS reads them.
 */
export function areHarmlessValues(text: string, refer: (id: string) => void = ignore): boolean {
  if (plainValues.test(text)) return true;
  return text.length <= maxValuesLength && text.split(";").every((value) => isHarmlessValue(value, refer));
}

const plainValues = /^[\w#%.,;+\s-]*$/;
/** The most characters of values that aren't plain. Longer values are paths, which are plain. */
const maxValuesLength = 100_000;

/** Whether a value, for example that of a presentation attribute, leads nowhere beyond the document. */
export function isHarmlessValue(text: string, refer: (id: string) => void = ignore): boolean {
  return plainValue.test(text) || judge(tokensOf(text), { fonts: false, refer });
}

/** Most values match this: words, numbers and colours, which can't hold anything that would have to be checked. */
const plainValue = /^[\w#%.,+\s-]*$/;

/** Keeps the declarations of a `style` attribute that lead nowhere beyond the document. */
export function cleanDeclarations(text: string, refer: (id: string) => void = ignore): string {
  return declarations(tokensOf(text) ?? [], { fonts: false, refer });
}

/** Keeps the rules of a style sheet that lead nowhere beyond the document. */
export function cleanStyleSheet(text: string, refer: (id: string) => void = ignore): string {
  return rules(tokensOf(text) ?? [], refer, 0);
}

function ignore(): void {}

/**
 * The most tokens of a style. They are far more than any drawing's style has, and are read within a tenth of a second.
 * An embedded font is one token.
 */
const maxTokens = 50_000;

/** Reads the tokens of a text; undefined for a text with more than `maxTokens` tokens. */
function tokensOf(text: string): readonly CssToken[] | undefined {
  const tokens: CssToken[] = [];
  for (const token of cssTokens(text)) {
    if (tokens.length === maxTokens) return undefined;
    tokens.push(token);
  }
  return tokens;
}

function rules(tokens: readonly CssToken[], refer: Judgement["refer"], depth: number): string {
  const kept: string[] = [];
  for (const { prelude, block } of splitRules(tokens)) {
    if (block === undefined) continue;
    const rule = cleanRule(prelude, block, refer, depth);
    if (rule !== undefined) kept.push(rule);
  }
  return kept.join("\n");
}

function cleanRule(
  prelude: readonly CssToken[],
  block: readonly CssToken[],
  refer: Judgement["refer"],
  depth: number,
): string | undefined {
  const [first, ...others] = prelude;
  if (first === undefined || !prelude.every(mayPrecede) || !isBalanced(prelude)) return undefined;
  // A browser that leaves out what stands before an at-rule, as it does with `-->`, would find a rule of its own there.
  if (others.some(({ kind }) => kind === "at")) return undefined;
  const head = textOf(prelude);
  if (first.kind !== "at") return `${head}{${declarations(block, { fonts: false, refer })}}`;
  if (first.value === "font-face") return `${head}{${declarations(block, { fonts: true, refer })}}`;
  return groupingRules.has(first.value) && depth < maxDepth ? `${head}{${rules(block, refer, depth + 1)}}` : undefined;
}

/** Whether a token may stand in a selector or a condition: they may fetch nothing and hold no markup. */
function mayPrecede({ kind, text, value }: CssToken): boolean {
  if (kind === "url" || kind === "bad" || text.includes("<")) return false;
  if (kind === "sign") return !structuralSigns.has(text);
  return kind !== "function" || askingFunctions.has(value);
}

/** Signs that begin or end what is around them, or take away the meaning of what follows. */
const structuralSigns: ReadonlySet<string> = new Set(["{", "}", ";", "\\"]);

function declarations(tokens: readonly CssToken[], judgement: Judgement): string {
  const kept: string[] = [];
  for (const declaration of splitAt(tokens, ";")) {
    const colon = declaration.findIndex(({ text }) => text === ":");
    const property = textOf(declaration.slice(0, Math.max(colon, 0)));
    const value = declaration.slice(colon + 1);
    if (!/^[a-z-][\w-]*$/i.test(property) || forbiddenProperties.has(property.toLowerCase())) continue;
    const fonts = judgement.fonts && property.toLowerCase() === "src";
    if (judge(value, { ...judgement, fonts })) kept.push(`${property}:${textOf(value)}`);
  }
  return kept.join(";");
}

function judge(tokens: readonly CssToken[] | undefined, { fonts, refer }: Judgement): boolean {
  if (tokens === undefined) return false;
  const targets: string[] = [];
  const leadsNowhere = (reference: string): boolean => {
    const target = localTarget(reference);
    if (target !== undefined) targets.push(target);
    return target !== undefined || isEmbeddedPicture(reference) || (fonts && isEmbeddedFont(reference));
  };
  const mayStand = ({ kind, text, value }: CssToken, index: number): boolean => {
    if (kind === "bad" || kind === "at" || text.includes("<")) return false;
    if (kind === "url") return leadsNowhere(value);
    if (kind === "sign") return !structuralSigns.has(text);
    if (kind !== "function") return true;
    return value === "url" ? leadsNowhere(quotedUrl(tokens, index)) : allowedFunctions.has(value);
  };
  if (!tokens.every(mayStand) || !isBalanced(tokens)) return false;
  for (const target of targets) refer(target);
  return true;
}

/** The reference in `url("…")`; for any other form, a text that isn't an allowed reference. */
function quotedUrl(tokens: readonly CssToken[], at: number): string {
  const [quoted, end] = tokens.slice(at + 1, at + 5).filter(({ kind }) => kind !== "space");
  return quoted?.kind === "string" && end?.text === ")" && !quoted.value.includes("\\") ? quoted.value : "";
}

/** Whether all brackets are closed. An open bracket would take in what is written behind it. */
function isBalanced(tokens: readonly CssToken[]): boolean {
  const open: string[] = [];
  for (const { kind, text } of tokens) {
    if (kind === "function" || text === "(") open.push(")");
    else if (text === "[") open.push("]");
    else if ((text === ")" || text === "]") && open.pop() !== text) return false;
  }
  return open.length === 0;
}

interface Rule {
  readonly prelude: readonly CssToken[];
  /** The block is undefined for a rule that ends in a semicolon. */
  readonly block: readonly CssToken[] | undefined;
}

function* splitRules(tokens: readonly CssToken[]): Generator<Rule> {
  let prelude: CssToken[] = [];
  let position = 0;
  while (position < tokens.length) {
    const token = tokens[position] as CssToken;
    position += 1;
    if (token.text === "{") {
      const end = endOfBlock(tokens, position);
      yield { prelude, block: tokens.slice(position, end) };
      prelude = [];
      position = end + 1;
    } else if (token.text === ";" && prelude[0]?.kind === "at") {
      prelude = [];
    } else if (token.kind !== "space" || prelude.length > 0) {
      prelude.push(token);
    }
  }
}

/** The position of the brace that closes the opened block; the end of the tokens if the block isn't closed. */
function endOfBlock(tokens: readonly CssToken[], start: number): number {
  let depth = 1;
  for (let position = start; position < tokens.length; position += 1) {
    const { text } = tokens[position] as CssToken;
    if (text === "{") depth += 1;
    if (text === "}") depth -= 1;
    if (depth === 0) return position;
  }
  return tokens.length;
}

/** Splits tokens at the separators that stand outside of brackets. */
function* splitAt(tokens: readonly CssToken[], separator: string): Generator<readonly CssToken[]> {
  let start = 0;
  let depth = 0;
  for (const [position, { kind, text }] of tokens.entries()) {
    if (kind === "function" || text === "(" || text === "[" || text === "{") depth += 1;
    if (text === ")" || text === "]" || text === "}") depth = Math.max(0, depth - 1);
    if (text === separator && depth === 0) {
      yield tokens.slice(start, position);
      start = position + 1;
    }
  }
  yield tokens.slice(start);
}

/** The text of tokens, without the spaces around it. An escaped space at the end stays. */
function textOf(tokens: readonly CssToken[]): string {
  const isSomething = ({ kind }: CssToken): boolean => kind !== "space";
  return tokens
    .slice(Math.max(tokens.findIndex(isSomething), 0), tokens.findLastIndex(isSomething) + 1)
    .map(({ text }) => text)
    .join("");
}
