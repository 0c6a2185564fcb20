import { isoFromXmp } from "./dates.ts";
import type { EmbeddedEntry, EmbeddedValue } from "./embedded-value.ts";
import { readXmpTree, type XmpAttribute, type XmpNode } from "./xmp-tree.ts";

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const xml = "http://www.w3.org/XML/1998/namespace";
const xmlns = "http://www.w3.org/2000/xmlns/";

/** Namespaces whose values are texts though they look like numbers. */
const textual: ReadonlySet<string> = new Set([
  "http://purl.org/dc/elements/1.1/",
  "http://ns.adobe.com/photoshop/1.0/",
  "http://ns.adobe.com/xap/1.0/rights/",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
]);

/** Histories, settings of programs that develop pictures, and thumbnails: nothing about the picture, and a lot of it. */
const leftOut: ReadonlySet<string> = new Set([
  rdf,
  xml,
  xmlns,
  "adobe:ns:meta/",
  "http://ns.adobe.com/camera-raw-settings/1.0/",
  "http://ns.adobe.com/xap/1.0/mm/",
  "http://ns.adobe.com/xap/1.0/g/img/",
  "http://ns.adobe.com/xmp/note/",
]);

/** Where the vendor's answers join other names than XMP's. */
const structNames: Readonly<Record<string, string>> = { CreatorContactInfo: "Creator", ArtworkOrObject: "Artwork" };
const fieldNames: Readonly<Record<string, string>> = {
  CiAdrCity: "City",
  CiAdrCtry: "Country",
  CiAdrExtadr: "Address",
  CiAdrPcode: "PostalCode",
  CiAdrRegion: "Region",
  CiEmailWork: "WorkEmail",
  CiTelWork: "WorkTelephone",
  CiUrlWork: "WorkURL",
};

/** Lists though they have one item. */
const lists: ReadonlySet<string> = new Set(["Subject", "Keywords"]);

const containers: ReadonlySet<string> = new Set(["Bag", "Seq", "Alt"]);
const nameShape = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
const longestName = 128;
const mostItems = 1000;

type Item = string | number | boolean;

/** XMP's properties; a structure's are joined into one name each, and those of several structures into lists. */
export function xmpEntries(text: string): EmbeddedEntry[] {
  const found = new Map<string, Item[]>();
  for (const description of descriptions(readXmpTree(text))) {
    addFields("", description, found);
  }
  return [...found].map(([name, items]): EmbeddedEntry => {
    const [only] = items;
    const value: EmbeddedValue = items.length === 1 && only !== undefined && !lists.has(name) ? only : items;
    return [name, value];
  });
}

function descriptions(node: XmpNode): XmpNode[] {
  const own = node.children.filter((child) => isRdf(child, "Description"));
  return [...own, ...node.children.filter((child) => !isRdf(child, "Description")).flatMap(outerOnly)];
}

/** Descriptions inside of properties are those properties' values. */
function outerOnly(node: XmpNode): XmpNode[] {
  return isRdf(node, "RDF") || node.uri === "adobe:ns:meta/" ? descriptions(node) : [];
}

function addFields(prefix: string, node: XmpNode, found: Map<string, Item[]>): void {
  for (const { uri, local, value } of node.attributes) {
    if (isProperty({ uri, local })) addItem(joined(prefix, local), typed(uri, value), found);
  }
  for (const child of node.children) {
    if (isProperty(child)) addValue(joined(prefix, child.local), child, found);
  }
}

function addValue(name: string, node: XmpNode, found: Map<string, Item[]>): void {
  const container = node.children.find((child) => child.uri === rdf && containers.has(child.local));
  if (container !== undefined) {
    const items = container.children.filter((child) => isRdf(child, "li"));
    const chosen = container.local === "Alt" ? [items.find(isDefault) ?? items[0]] : items;
    for (const item of chosen) if (item !== undefined) addValue(name, { ...item, uri: node.uri }, found);
    return;
  }
  const inner = node.children.find((child) => isRdf(child, "Description")) ?? node;
  const resource = node.attributes.find((attribute) => isRdf(attribute, "resource"));
  if (inner.children.length > 0 || inner.attributes.some(isProperty)) {
    const value = inner.children.find((child) => isRdf(child, "value"));
    if (value !== undefined) addValue(name, { ...value, uri: node.uri }, found);
    addFields(structNames[name] ?? name, inner, found);
  } else {
    addItem(name, typed(node.uri, resource?.value ?? node.text), found);
  }
}

function addItem(name: string, item: Item, found: Map<string, Item[]>): void {
  if (item === "" || name.length > longestName) return;
  const items = found.get(name);
  if (items === undefined) found.set(name, [item]);
  else if (items.length < mostItems) items.push(item);
}

function isRdf({ uri, local }: { readonly uri: string; readonly local: string }, name: string): boolean {
  return uri === rdf && local === name;
}

function isProperty({ uri, local }: Pick<XmpAttribute, "uri" | "local">): boolean {
  return uri !== "" && !leftOut.has(uri) && nameShape.test(local);
}

function isDefault({ attributes }: XmpNode): boolean {
  return attributes.some(({ uri, local, value }) => uri === xml && local === "lang" && value === "x-default");
}

function joined(prefix: string, local: string): string {
  const field = prefix === "" ? local : (fieldNames[local] ?? local.replace(prefix === "Artwork" ? /^AO/ : /^$/, ""));
  return prefix + field.charAt(0).toUpperCase() + field.slice(1);
}

const numberShape = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const ratioShape = /^(-?\d{1,15})\/(\d{1,15})$/;

function typed(uri: string, raw: string): Item {
  const text = raw.trim();
  const date = isoFromXmp(text);
  if (date !== undefined) return date;
  if (textual.has(uri)) return text;
  if (numberShape.test(text)) return Number(text);
  if (text === "True" || text === "False") return text === "True";
  const [, above, below] = ratioShape.exec(text) ?? [];
  return below === undefined || Number(below) === 0 ? text : Number(above) / Number(below);
}
