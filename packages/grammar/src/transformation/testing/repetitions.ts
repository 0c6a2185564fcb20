import { transformationBounds } from "../transformation-bounds.ts";

type Repeat = (count: number) => string;

/**
 * Texts that grow with a number. Each repeats another list of the language. Some are valid, others are refused at their
 * end.
 */
export const hostileRepetitions: readonly (readonly [string, Repeat])[] = [
  ["commas", (count) => ",".repeat(count)],
  ["colons", (count) => ":".repeat(count)],
  ["dashes", (count) => `w${"-".repeat(count)}`],
  ["parameters", (count) => "w-2,".repeat(count)],
  ["steps", (count) => "w-2:".repeat(count)],
  ["conditions", (count) => "if-w_gt_1,w-2,if-end:".repeat(count)],
  ["comparisons", (count) => `if-${"w_gt_1_or_".repeat(count)}w_gt_1,w-2,if-end`],
  ["layers", (count) => "l-text,i-a,l-end,".repeat(count)],
  ["open layers", (count) => "l-text,i-a,".repeat(count)],
  ["parameters of a nested layer", (count) => `l-image,i-a,l-image,i-b,${"lx-2,w-2,".repeat(count)}l-end,l-end`],
  ["steps of a layer", (count) => `l-image,i-a,${"w-2:".repeat(count)}l-end`],
  ["operands", (count) => `w-${"1_add_".repeat(count)}1`],
  ["operators", (count) => `w-1${"_pow".repeat(count)}`],
  ["paddings", (count) => `l-text,i-a,pa-${"1_".repeat(count)}1,l-end`],
  ["objects", (count) => `fo-${"car_".repeat(count)}dog`],
  ["corners", (count) => `r-${"1_".repeat(count)}1`],
  ["underscores before a border's colour", (count) => `b-${"_".repeat(count)}`],
  ["words of a gradient", (count) => `e-gradient-ld${"-ld_ld".repeat(count)}`],
  ["path segments", (count) => `di-${"a@@".repeat(count)}b`],
  ["at signs", (count) => `di-${"@".repeat(count)}`],
  ["text", (count) => `l-text,i-${"%41".repeat(count)},l-end`],
  ["percent signs", (count) => `l-text,i-${"%".repeat(count)},l-end`],
  ["base64", (count) => `l-text,ie-${"YWFh".repeat(count)},l-end`],
  ["padding of base64", (count) => `l-text,ie-${"=".repeat(count)},l-end`],
  ["pages", (count) => `pg-${"1-2_".repeat(count)}3`],
  ["names of pages", (count) => `pg-name-${'"a"_'.repeat(count)}"b`],
  ["words of a prompt", (count) => `e-edit-prompt-${"prompt-".repeat(count)}`],
  ["digits", (count) => `w-${"1".repeat(count)}x`],
  ["ratios", (count) => `ar-4${":3".repeat(count)}`],
  ["encoded delimiters", (count) => "w-2%2C".repeat(count)],
];

/** Returns the number of repetitions that make a text of about this many characters. */
export function countFor(repeat: Repeat, characters: number): number {
  return Math.floor((characters - repeat(0).length) / (repeat(2).length - repeat(1).length));
}

/** Returns the number of repetitions that fit into the bounds of a transformation. */
export function countWithinBounds(repeat: Repeat): number {
  const { characters, steps, parameters } = transformationBounds;
  // Compares texts with and without one more repetition, to count what each repetition adds.
  const added = (pattern: RegExp): number => repeat(2).split(pattern).length - repeat(1).split(pattern).length;
  return Math.min(
    countFor(repeat, characters.max),
    Math.floor((steps.max - 1) / added(/:|%3A/)),
    Math.floor((parameters.max - 8) / added(/[,:]|%2C|%3A/)),
  );
}
