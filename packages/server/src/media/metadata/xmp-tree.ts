import { SaxesParser } from "saxes";

export interface XmpAttribute {
  readonly uri: string;
  readonly local: string;
  readonly value: string;
}

export interface XmpNode {
  readonly uri: string;
  readonly local: string;
  readonly attributes: readonly XmpAttribute[];
  readonly children: XmpNode[];
  text: string;
}

/** The most elements and attributes: more than a picture's XMP has, and fewer than a hostile one wants. */
const maxNodes = 5000;
const maxDepth = 24;

class Enough extends Error {}

/**
 * Reads the elements of an XML document that are whole. It ignores the rest from the place where the document is
 * broken, too deep or too long. Entities that a document defines for itself stay unexpanded, nothing is fetched, and
 * the time grows with the length alone.
 */
export function readXmpTree(xml: string): XmpNode {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const root: XmpNode = { uri: "", local: "", attributes: [], children: [], text: "" };
  const open: XmpNode[] = [root];
  let nodes = 0;
  parser.on("error", (error) => {
    throw error;
  });
  const count = (): void => {
    nodes += 1;
    if (nodes > maxNodes || open.length > maxDepth) throw new Enough();
  };
  parser.on("attribute", count);
  parser.on("opentag", ({ uri, local, attributes }) => {
    count();
    const found = Object.values(attributes).map((found) => ({
      uri: found.uri,
      local: found.local,
      value: found.value,
    }));
    open.push({ uri, local, attributes: found, children: [], text: "" });
  });
  const take = (text: string): void => {
    const node = open.at(-1);
    if (node !== undefined && node !== root) node.text += text;
  };
  parser.on("text", take);
  parser.on("cdata", take);
  parser.on("closetag", () => {
    const node = open.pop();
    if (node !== undefined) open.at(-1)?.children.push(node);
  });
  try {
    parser.write(xml).close();
  } catch {
    // Elements that were closed before count, however deep they are.
    for (const [index, node] of open.entries()) open[index - 1]?.children.push(node);
  }
  return root;
}
