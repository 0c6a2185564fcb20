import { type Piece, type Step, textOf, valueIn, withValue } from "./steps.ts";

/** The part of a video that a transformation keeps, in seconds. */
export interface Trim {
  readonly start: number;
  readonly end: number;
}

/** The parameters that a still has nothing of. */
const ofVideosAlone: ReadonlySet<string> = new Set(["so", "eo", "du", "f", "vc", "ac", "q", "lso", "leo", "ldu"]);
/** The layers that can't lie on a picture. */
const layersOfVideos: ReadonlySet<string> = new Set(["l-video", "l-subtitles"]);

/**
 * The transformation that shows on a still what another one does to the pictures of a video.
 * @param at the time of the still in the original, in seconds
 */
export function stillText(steps: readonly Step[], at: number): string {
  return textOf([[{ kind: "parameter", key: "so", value: secondsText(at) }], ...stillSteps(steps)]);
}

function stillSteps(steps: readonly Step[]): readonly Step[] {
  return steps.map((step) => step.filter(isOnStill).map((piece) => (piece.kind === "layer" ? inStill(piece) : piece)));
}

function isOnStill(piece: Piece): boolean {
  if (piece.kind === "parameter") return !ofVideosAlone.has(piece.key);
  return piece.kind !== "layer" || !layersOfVideos.has(piece.type);
}

function inStill(piece: Extract<Piece, { readonly kind: "layer" }>): Piece {
  return { ...piece, steps: stillSteps(piece.steps) };
}

/**
 * Reads the part that is kept. Of `eo` and `du` together, `eo` counts.
 * @returns undefined where an expression says it, which only the server works out
 */
export function trimOf(steps: readonly Step[], duration: number): Trim | undefined {
  const [so, eo, du] = ["so", "eo", "du"].map((key) => lastValue(steps, key));
  if ([so, eo, du].some((value) => value !== undefined && !/^\d+(\.\d+)?$/.test(value))) return undefined;
  const start = Math.min(Number(so ?? 0), duration);
  const end = eo !== undefined ? Number(eo) : du !== undefined ? start + Number(du) : duration;
  return { start, end: Math.max(start, Math.min(end, duration)) };
}

/** Keeps another part. What begins or ends with the video needs no parameter. */
export function withTrim(steps: readonly Step[], { start, end }: Trim, duration: number): readonly Step[] {
  const cleared = steps.map((step) => ["so", "eo", "du"].reduce((left, key) => withValue(left, key, undefined), step));
  const [first = [], ...rest] = cleared;
  const begun = start > 0 ? withValue(first, "so", secondsText(start)) : first;
  return [end < duration ? withValue(begun, "eo", secondsText(end)) : begun, ...rest];
}

function secondsText(seconds: number): string {
  return String(Math.round(seconds * 100) / 100);
}

/** The value of a parameter that concerns the whole video: the last one counts. */
export function lastValue(steps: readonly Step[], key: string): string | undefined {
  const last = steps.findLast((step) => valueIn(step, key) !== undefined);
  return last && valueIn(last, key);
}
