import type { Colour } from "../pixels/colour.ts";
import type { Margins } from "../pixels/operations.ts";

export type TextFont =
  /** A built-in family as the URL names it; undefined where the URL names none. */
  | { readonly kind: "family"; readonly name: string | undefined }
  /** A font of the library, whose path has no slash at either end. */
  | { readonly kind: "file"; readonly path: string };

/** A text and how it is written, with arithmetic worked out (docs/protocol/transformations.md §6.2). */
export interface TextParameters {
  /** The text without control characters, apart from line breaks and tabs. */
  readonly text: string;
  /** The height of the letters in pixels. */
  readonly fontSize: number;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly struckThrough: boolean;
  readonly colour: Colour;
  readonly alignment: "left" | "center" | "right";
  /** The distance from line to line in pixels; undefined for that of the font. */
  readonly lineHeight: number | undefined;
  /** The width at which lines are wrapped. Less than 1 is a fraction of what the text lies on. */
  readonly width: number | undefined;
  readonly padding: Margins;
  readonly background: Colour;
}

/** A text of which the width, if it has any, is in pixels. */
export interface PlannedText extends TextParameters {
  readonly kind: "text";
  readonly font: TextFont;
}
