/** One step of a transformation: its parameters and blocks, in their order. */
export type Step = readonly Piece[];

export type Piece = Parameter | Layer | Condition;

export interface Parameter {
  readonly kind: "parameter";
  /** The name of an effect is part of its key: `e-sharpen`. */
  readonly key: string;
  /** The value is undefined for a key without a dash. */
  readonly value: string | undefined;
}

/** Something that is drawn over the picture: `l-text,i-Hello,l-end`. */
export interface Layer {
  readonly kind: "layer";
  /** The type of the layer as it is written: `l-text`. */
  readonly type: string;
  readonly steps: readonly Step[];
  readonly isClosed: boolean;
}

/** Steps that depend on the picture: `if-w_gt_500,w-500,if-else,w-200,if-end`. */
export interface Condition {
  readonly kind: "condition";
  readonly test: string;
  readonly whenTrue: readonly Step[];
  readonly whenFalse: readonly Step[] | undefined;
  readonly isClosed: boolean;
}

interface Token {
  readonly text: string;
  readonly startsStep: boolean;
}

/**
 * Reads a transformation as it stands in a URL. Anything can be read, so that half-typed texts keep their controls, and
 * nothing of the text is lost: a block that isn't closed goes to the end of the text.
 */
export function stepsIn(text: string): readonly Step[] {
  const tokens = tokensOf(text).values();
  return readSteps(() => tokens.next().value, []).steps;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const parts = text.split(/([,:])/);
  for (let index = 0; index < parts.length; index += 2) {
    const token = { text: parts[index] ?? "", startsStep: parts[index - 1] === ":" };
    const before = tokens.at(-1);
    // A ratio may be written with a colon.
    if (before && token.startsStep && /^[\d.]+$/.test(token.text) && /^ar-[\d.]+$/.test(before.text)) {
      tokens[tokens.length - 1] = { ...before, text: `${before.text}:${token.text}` };
    } else tokens.push(token);
  }
  return tokens;
}

interface Read {
  readonly steps: readonly Step[];
  /** The closer is undefined at the end of the text. */
  readonly closer: string | undefined;
}

function readSteps(next: () => Token | undefined, closers: readonly string[]): Read {
  const steps: Piece[][] = [[]];
  for (let token = next(); token !== undefined; token = next()) {
    if (token.startsStep) steps.push([]);
    if (closers.includes(token.text)) return { steps: steps.filter((step) => step.length > 0), closer: token.text };
    if (token.text !== "") steps.at(-1)?.push(readPiece(next, token.text));
  }
  return { steps: closers.length === 0 ? steps : steps.filter((step) => step.length > 0), closer: undefined };
}

function readPiece(next: () => Token | undefined, text: string): Piece {
  if (text.startsWith("l-") && text !== "l-end") {
    const { steps, closer } = readSteps(next, ["l-end"]);
    return { kind: "layer", type: text, steps, isClosed: closer !== undefined };
  }
  if (text.startsWith("if-") && text !== "if-end" && text !== "if-else") {
    const first = readSteps(next, ["if-else", "if-end"]);
    const second = first.closer === "if-else" ? readSteps(next, ["if-end"]) : undefined;
    const isClosed = (second ?? first).closer !== undefined;
    return { kind: "condition", test: text.slice(3), whenTrue: first.steps, whenFalse: second?.steps, isClosed };
  }
  const dash = text.indexOf("-", text.startsWith("e-") ? 2 : 0);
  if (dash < 0) return { kind: "parameter", key: text, value: undefined };
  return { kind: "parameter", key: text.slice(0, dash), value: text.slice(dash + 1) };
}

export function textOf(steps: readonly Step[]): string {
  return steps
    .map((step) => step.map(textOfPiece).join(","))
    .filter((step) => step !== "")
    .join(":");
}

export function textOfPiece(piece: Piece): string {
  if (piece.kind === "parameter") return piece.value === undefined ? piece.key : `${piece.key}-${piece.value}`;
  const parts =
    piece.kind === "layer"
      ? [piece.type, textOf(piece.steps), ...(piece.isClosed ? ["l-end"] : [])]
      : [
          `if-${piece.test}`,
          textOf(piece.whenTrue),
          ...(piece.whenFalse === undefined ? [] : ["if-else", textOf(piece.whenFalse)]),
          ...(piece.isClosed ? ["if-end"] : []),
        ];
  return parts.filter((part) => part !== "").join(",");
}

/** The value of a parameter: empty for a key without one, and undefined if the step lacks the key. */
export function valueIn(step: Step, key: string): string | undefined {
  const found = step.find((piece) => piece.kind === "parameter" && piece.key === key) as Parameter | undefined;
  return found && (found.value ?? "");
}

/** Sets a parameter in its place, or takes it away. An empty value is written as the key alone. */
export function withValue(step: Step, key: string, value: string | undefined): Step {
  const isIt = (piece: Piece) => piece.kind === "parameter" && piece.key === key;
  if (value === undefined) return step.filter((piece) => !isIt(piece));
  const set: Parameter = { kind: "parameter", key, value: value === "" ? undefined : value };
  if (step.some(isIt)) return step.map((piece) => (isIt(piece) ? set : piece));
  // Parameters stand before the blocks, as people write them.
  const end = step.findLastIndex(({ kind }) => kind === "parameter") + 1;
  return [...step.slice(0, end), set, ...step.slice(end)];
}

/** Puts one of a list elsewhere in it. */
export function moved<Item>(list: readonly Item[], from: number, to: number): readonly Item[] {
  const item = list[from];
  if (item === undefined || to < 0 || to >= list.length) return list;
  const rest = list.filter((_, index) => index !== from);
  return [...rest.slice(0, to), item, ...rest.slice(to)];
}

export function replaced<Item>(list: readonly Item[], at: number, item: Item): readonly Item[] {
  return list.map((other, index) => (index === at ? item : other));
}

export function without<Item>(list: readonly Item[], at: number): readonly Item[] {
  return list.filter((_, index) => index !== at);
}

/** The text as an address takes it. What is encoded already stays so. */
export function encoded(text: string): string {
  return encodeURI(text)
    .replace(/%25(?=[\da-f]{2})/gi, "%")
    .replace(/[&#]/g, encodeURIComponent);
}
