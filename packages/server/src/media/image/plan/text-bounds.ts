import type { Size } from "../pixels/geometry.ts";
import type { TextParameters } from "./text-parameters.ts";

type Measured = Pick<TextParameters, "text" | "fontSize" | "lineHeight" | "width">;

/** Widths of characters in parts of the font's size. They are those of the widest letters of the widest font. */
const ems = { letter: 1.2, tab: 5, phrase: 11 } as const;

/** Arabic phrases that are one character, and as wide as a phrase. */
const phrase = /[\ufdfa-\ufdfd]/;

/** A line's height where nothing says it, and how much higher each mark on a letter makes it. */
const lineEms = 1.6;
const markEms = 0.3;

/** Words that don't fit leave up to half of a line empty. Widths are rather too large already. */
const wrappingFactor = 1.5;

/**
 * Says how large a text gets at most, without its padding: rather too large than too small. Ordinary text takes half of
 * it.
 */
export function textBounds({ text, fontSize, lineHeight, width }: Measured): Size {
  const lines = text.split(/[\n\u2028\u2029]/).map((line) => emsOf(line) * fontSize);
  const widest = Math.max(...Array.from(text, emsOfCharacter), ems.letter) * fontSize;
  const longest = Math.max(...lines, fontSize);
  const wrap = width === undefined ? longest : Math.max(width, widest);
  const linesOf = (line: number): number =>
    width === undefined ? 1 : Math.max(1, Math.ceil((wrappingFactor * line) / wrap));
  const count = lines.reduce((sum, line) => sum + linesOf(line), 0);
  const single = (lineEms + markEms * longestPile(text)) * fontSize;
  const distance = lineHeight ?? single;
  return {
    // What leans or swings may stick out of its line.
    width: Math.ceil(Math.min(longest, wrap) + fontSize),
    height: Math.ceil((count - 1) * distance + single),
  };
}

function emsOf(line: string): number {
  return Array.from(line, emsOfCharacter).reduce((sum, width) => sum + width, 0);
}

function emsOfCharacter(character: string): number {
  if (character === "\t") return ems.tab;
  return phrase.test(character) ? ems.phrase : ems.letter;
}

/** The most marks that are piled upon one letter. */
function longestPile(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/\p{M}+/gu), ([marks]) => marks.length));
}
