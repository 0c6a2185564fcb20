import { type Shape, textShape } from "../shape.ts";

/** A file of the media library, its segments joined by `/`, without one before or after. */
export type LibraryPath = string;

/** @returns undefined for a path that no file can have: one that climbs, or holds what no name holds */
export function parsePath(text: string): LibraryPath | undefined {
  const segments = text.split("/").filter(Boolean);
  return segments.length > 0 && segments.every(isName) ? segments.join("/") : undefined;
}

/**
 * As it is written in a transformation, where `/` would end the path's segment (docs/protocol/transformations.md §1).
 */
export const pathShape: Shape<LibraryPath> = textShape(
  "path in the media library, `@@` for `/`",
  (text) => parsePath(text.replaceAll("@@", "/")),
  printPath,
);

export function printPath(path: LibraryPath): string {
  // Beside another `@` the two could not be told apart; a slash travels percent-encoded then.
  return path.includes("@") ? path : path.replaceAll("/", "@@");
}

function isName(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return segment !== "." && segment !== ".." && !/[\\\x00-\x1f\x7f]/.test(segment);
}

/** A built-in family, or a font file in the library. */
export const fontShape: Shape<LibraryPath> = { ...pathShape, values: "built-in family; path of a font, `@@` for `/`" };

/** Of a named transformation. Without one it isn't ignored, as other empty values are: it would show a private file. */
export const nameShape: Shape<string> = {
  values: "letters, digits, `_`",
  parse: (text) => (text !== undefined && /^\w+$/.test(text) ? text : undefined),
  print: (name) => name,
};
