/** The root element of an SVG document. */
export interface SvgRoot {
  /** The size that the drawing asks for, in whole CSS pixels; undefined if it leaves the size to its surroundings. */
  readonly size: { readonly width: number; readonly height: number } | undefined;
}

// Each pattern matches one piece in only one way, so no input makes the patterns backtrack. Nothing is expanded or
// fetched.
const skipped = /\s+|<\?.*?\?>|<!--.*?-->/sy;
const doctype = /<!DOCTYPE\s+([\w:.-]+)(?:[^[<>"']|"[^"]*"|'[^']*')*/y;
const subsetPiece = /<!--.*?-->|"[^"]*"|'[^']*'|[^\]"'<]+|<(?!!--)/sy;
const subsetEnd = /\]\s*>/y;
const rootName = /<(?:[A-Za-z_][\w.-]*:)?svg(?=[\s/>])/y;
const attribute = /\s+([\w:.-]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/y;
const tagEnd = /\s*\/?>/y;

/**
 * Reads the root tag from the beginning of a document. Undefined unless the root really is `<svg`, with no document
 * type other than svg before it: a page that merely has an SVG file's name must not pass for an SVG.
 */
export function readSvgRoot(prefix: string): SvgRoot | undefined {
  let position = skipProlog(prefix, 0);
  const type = matchAt(doctype, prefix, position);
  if (type !== undefined) {
    const end = endOfDoctype(prefix, position + type[0].length);
    if (type[1]?.split(":").at(-1) !== "svg" || end === undefined) {
      return undefined;
    }
    position = skipProlog(prefix, end);
  }
  const name = matchAt(rootName, prefix, position);
  return name === undefined ? undefined : readSize(prefix, position + name[0].length);
}

function skipProlog(text: string, start: number): number {
  return skipAll(skipped, text, start);
}

function endOfDoctype(text: string, start: number): number | undefined {
  if (text[start] !== "[") {
    return text[start] === ">" ? start + 1 : undefined;
  }
  const close = skipAll(subsetPiece, text, start + 1);
  const end = matchAt(subsetEnd, text, close);
  return end === undefined ? undefined : close + end[0].length;
}

function skipAll(piece: RegExp, text: string, start: number): number {
  let position = start;
  for (let match = matchAt(piece, text, position); match; match = matchAt(piece, text, position)) {
    position += match[0].length;
  }
  return position;
}

function readSize(text: string, start: number): SvgRoot | undefined {
  const attributes = new Map<string, string>();
  let position = start;
  for (let match = matchAt(attribute, text, position); match; match = matchAt(attribute, text, position)) {
    attributes.set(match[1] ?? "", (match[2] ?? match[3] ?? "").slice(0, maxValueLength));
    position += match[0].length;
  }
  if (matchAt(tagEnd, text, position) === undefined) {
    return undefined;
  }
  const box = viewBoxOf(attributes.get("viewBox"));
  const width = lengthInPixels(attributes.get("width"));
  const height = lengthInPixels(attributes.get("height"));
  const ratio = box === undefined ? Number.NaN : box.width / box.height;
  return {
    size: wholePixels(
      width ?? (height === undefined ? box?.width : height * ratio),
      height ?? (width === undefined ? box?.height : width / ratio),
    ),
  };
}

/**
 * The most characters of an attribute's value. No honest number is longer, and the patterns below needn't cope with
 * one.
 */
const maxValueLength = 100;

/** The largest integer that a database column holds. */
const maxSide = 2 ** 31 - 1;

const pixelsPerUnit: Readonly<Record<string, number>> = {
  "": 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  q: 96 / 101.6,
  pt: 96 / 72,
  pc: 16,
};

/** A length that is relative to a font or to the surroundings counts as not given. */
function lengthInPixels(value: string | undefined): number | undefined {
  const match = value === undefined ? null : /^\s*\+?((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)\s*$/i.exec(value);
  const factor = pixelsPerUnit[match?.[2]?.toLowerCase() ?? "none"];
  const length = factor === undefined ? Number.NaN : Number(match?.[1]) * factor;
  return Number.isFinite(length) && length > 0 ? length : undefined;
}

function viewBoxOf(value: string | undefined): { width: number; height: number } | undefined {
  const numbers = value?.trim().split(/[\s,]+/) ?? [];
  const [, , width, height] = numbers.map(Number);
  const usable = numbers.length === 4 && width !== undefined && height !== undefined && width > 0 && height > 0;
  return usable && Number.isFinite(width / height) ? { width, height } : undefined;
}

function wholePixels(width = Number.NaN, height = Number.NaN): SvgRoot["size"] {
  const sides = { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
  return sides.width <= maxSide && sides.height <= maxSide ? sides : undefined;
}

function matchAt(pattern: RegExp, text: string, position: number): RegExpExecArray | undefined {
  pattern.lastIndex = position;
  return pattern.exec(text) ?? undefined;
}
