import { type Shape, textShape } from "../shape.ts";

/** The path of a file in the media library: segments joined by `/`, without a slash at either end. */
export type LibraryPath = string;

/**
 * @returns undefined for a path that no file can have: one that climbs, or that contains a character which no name
 * contains
 */
export function parsePath(text: string): LibraryPath | undefined {
  const segments = text.split("/").filter(Boolean);
  return segments.length > 0 && segments.every(isName) ? segments.join("/") : undefined;
}

/**
 * The path as it is written in a transformation, where `/` would end the segment of the URL's path
 * (docs/protocol/transformations.md §1).
 */
export const pathShape: Shape<LibraryPath> = textShape(
  "path in the media library, `@@` for `/`",
  (text) => parsePath(text.replaceAll("@@", "/")),
  printPath,
);

export function printPath(path: LibraryPath): string {
  // Beside another `@`, the two couldn't be told apart. The slash is then percent-encoded instead.
  return path.includes("@") ? path : path.replaceAll("/", "@@");
}

function isName(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  return segment !== "." && segment !== ".." && !/[\\\x00-\x1f\x7f]/.test(segment);
}

/** A built-in font family, or the path of a font file in the library. */
export const fontShape: Shape<LibraryPath> = { ...pathShape, values: "built-in family; path of a font, `@@` for `/`" };

/** Whether a font is a file of the library. Families are in no folder, and have no extension. */
export function isFontFile(font: LibraryPath): boolean {
  return font.includes("/") || /\.(ttf|otf|ttc|woff2?)$/i.test(font);
}

/**
 * The name of a named transformation. An empty name isn't ignored, unlike other empty values: ignoring it would show a
 * private file.
 */
export const nameShape: Shape<string> = {
  values: "letters, digits, `_`",
  parse: (text) => (text !== undefined && /^\w+$/.test(text) ? text : undefined),
  print: (name) => name,
};
