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

/** Elements and attributes: more than a picture's has, and less than a hostile one wants. */
const mostNodes = 5000;
const deepest = 24;

class Enough extends Error {}

/**
 * The elements of an XML document, those that are whole: from where it is broken, too deep or too long on, there is
 * nothing of it. Entities that a document defines for itself stay unexpanded, nothing is fetched, and the time grows
 * with the length alone.
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
    if (nodes > mostNodes || open.length > deepest) throw new Enough();
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
    // What had been closed before counts, however deep it is.
    for (const [index, node] of open.entries()) open[index - 1]?.children.push(node);
  }
  return root;
}
