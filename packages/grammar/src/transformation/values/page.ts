import { type Shape, textShape } from "../shape.ts";
import { clamp, parseDecimal, printNumber, type Range } from "./number.ts";

/** Selects a page, a frame or layers of a file, counted from 1. */
export type Page =
  | { readonly kind: "page"; readonly page: number }
  /** A range of layers. It is open at the end if `to` is undefined. */
  | { readonly kind: "layers"; readonly ranges: readonly LayerRange[] }
  | { readonly kind: "names"; readonly names: readonly string[] };

export interface LayerRange {
  readonly from: number;
  readonly to: number | undefined;
}

const pages: Range = { min: 1, max: 65_535 };

export const pageShape: Shape<Page> = textShape<Page>(
  '`<n>`; layers as `1_3`, `2-4`, `2-` or joined by `_`; `name-"<name>"_"<name>"`',
  (text) => (text.startsWith("name-") ? parseNames(text.slice("name-".length)) : parsePages(text)),
  (page) => {
    switch (page.kind) {
      case "page":
        return printNumber(page.page);
      case "layers":
        return page.ranges.map(printRange).join("_");
      case "names":
        return `name-${page.names.map((name) => `"${name}"`).join("_")}`;
    }
  },
);

function parsePages(text: string): Page | undefined {
  const ranges = text.split("_").map(parseRange);
  const known = ranges.filter((range) => range !== undefined);
  if (known.length < ranges.length) return undefined;
  const [first] = known;
  return known.length === 1 && first !== undefined && first.from === first.to
    ? { kind: "page", page: first.from }
    : { kind: "layers", ranges: known };
}

function parseRange(text: string): LayerRange | undefined {
  const [fromText = "", toText, ...rest] = text.split("-");
  const from = parsePage(fromText);
  if (from === undefined || rest.length > 0) return undefined;
  if (toText === "") return { from, to: undefined };
  const to = toText === undefined ? from : parsePage(toText);
  return to === undefined || to < from ? undefined : { from, to };
}

function parsePage(text: string): number | undefined {
  const page = parseDecimal(text);
  return page === undefined ? undefined : clamp(page, pages);
}

function printRange({ from, to }: LayerRange): string {
  if (from === to) return printNumber(from);
  return to === undefined ? `${printNumber(from)}-` : `${printNumber(from)}-${printNumber(to)}`;
}

/** Parses names in quotes, or a single name without quotes. */
function parseNames(text: string): Page | undefined {
  if (text === "") return undefined;
  if (!text.includes('"')) return { kind: "names", names: [text] };
  if (!/^"[^"]+"(?:_"[^"]+")*$/.test(text)) return undefined;
  return { kind: "names", names: [...text.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name) };
}
