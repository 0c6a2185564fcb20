import type { Token } from "./tokenise.ts";
import { transformationBounds } from "./transformation-bounds.ts";
import { TransformationError } from "./transformation-error.ts";

/** A step split by its brackets only. Keys and values are not checked yet. */
export interface RawStep {
  readonly items: readonly RawItem[];
}

export type RawItem = RawParameter | RawLayer | RawConditional;

export interface RawParameter {
  readonly kind: "parameter";
  readonly key: string;
  /** The value is undefined for a key without a value. */
  readonly value: string | undefined;
  /** Key and value as written. */
  readonly text: string;
}

export interface RawLayer {
  readonly kind: "layer";
  /** The text as it was written: `l-image`. */
  readonly text: string;
  readonly steps: readonly RawStep[];
}

export interface RawConditional {
  readonly kind: "conditional";
  /** The text after `if-`. */
  readonly condition: string;
  readonly whenTrue: readonly RawStep[];
  readonly whenFalse: readonly RawStep[] | undefined;
}

const layerEnd = "l-end";
const conditionElse = "if-else";
const conditionEnd = "if-end";
const closers: readonly string[] = [layerEnd, conditionElse, conditionEnd];

/** Reads the token list once, from beginning to end. */
interface Cursor {
  readonly next: () => Token | undefined;
}

/** The blocks that are open around the current steps. */
interface Block {
  readonly closers: readonly string[];
  readonly layers: number;
  readonly inCondition: boolean;
}

interface Chain {
  readonly steps: readonly RawStep[];
  /** The closer is undefined at the end of the text. */
  readonly closer: string | undefined;
}

/**
 * Builds steps from tokens. Delimiters inside `l-…l-end` and `if-…if-end` belong to that block
 * (docs/protocol/transformations.md §1). An empty text between two delimiters is skipped.
 * @throws TransformationError for brackets that don't match and for blocks in the wrong place
 */
export function readStructure(tokens: readonly Token[]): readonly RawStep[] {
  const iterator = tokens.values();
  const cursor: Cursor = { next: () => iterator.next().value };
  return readChain(cursor, { closers: [], layers: 0, inCondition: false }).steps;
}

function readChain(cursor: Cursor, block: Block): Chain {
  const steps: RawItem[][] = [[]];
  for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
    if (token.startsStep) steps.push([]);
    if (block.closers.includes(token.text)) return { steps: filled(steps), closer: token.text };
    if (token.text !== "") steps.at(-1)?.push(readItem(cursor, token.text, block));
  }
  return { steps: filled(steps), closer: undefined };
}

function filled(steps: readonly RawItem[][]): RawStep[] {
  return steps.filter((items) => items.length > 0).map((items) => ({ items }));
}

function readItem(cursor: Cursor, text: string, block: Block): RawItem {
  if (closers.includes(text)) throw new TransformationError("STRAY_DELIMITER", text);
  if (text.startsWith("l-")) return readLayer(cursor, text, block);
  if (text.startsWith("if-")) return readConditional(cursor, text, block);
  return readParameter(text);
}

function readLayer(cursor: Cursor, text: string, block: Block): RawLayer {
  // docs/protocol/delivery.md §13
  if (block.layers === transformationBounds.layerDepth.max) throw new TransformationError("LAYERS_TOO_DEEP", text);
  const { steps, closer } = readChain(cursor, { ...block, closers: [layerEnd], layers: block.layers + 1 });
  if (closer === undefined) throw new TransformationError("LAYER_NOT_CLOSED", text);
  return { kind: "layer", text, steps };
}

function readConditional(cursor: Cursor, text: string, { layers, inCondition }: Block): RawConditional {
  if (inCondition) throw new TransformationError("CONDITIONS_NESTED", text);
  const block = { layers, inCondition: true };
  const first = readChain(cursor, { ...block, closers: [conditionElse, conditionEnd] });
  const second = first.closer === conditionElse ? readChain(cursor, { ...block, closers: [conditionEnd] }) : undefined;
  if ((second ?? first).closer === undefined) throw new TransformationError("CONDITION_NOT_CLOSED", text);
  const condition = text.slice("if-".length);
  return { kind: "conditional", condition, whenTrue: first.steps, whenFalse: second?.steps };
}

/** Splits at the first dash only. The name of an effect is part of its key. */
function readParameter(text: string): RawParameter {
  const dash = text.indexOf("-", text.startsWith("e-") ? "e-".length : 0);
  return dash === -1
    ? { kind: "parameter", key: text, value: undefined, text }
    : { kind: "parameter", key: text.slice(0, dash), value: text.slice(dash + 1), text };
}
