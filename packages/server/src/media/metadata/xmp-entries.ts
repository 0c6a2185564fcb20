import { isoFromXmp } from "./dates.ts";
import { type EmbeddedEntry, type EmbeddedValue, rounded } from "./embedded-value.ts";
import { technical } from "./exif-entries.ts";
import { wordForName } from "./tag-names.ts";
import { nameInAnswer, nameInExif } from "./xmp-names.ts";
import { readXmpTree, type XmpAttribute, type XmpNode } from "./xmp-tree.ts";

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const xml = "http://www.w3.org/XML/1998/namespace";
const xmlns = "http://www.w3.org/2000/xmlns/";

/**
 * Namespaces that are left out: histories, settings of programs that develop pictures, and thumbnails. They say nothing
 * about the picture, and they are long.
 */
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

/** Properties that are lists even if they have one item. */
const lists: ReadonlySet<string> = new Set(["Subject", "Keywords"]);

const containers: ReadonlySet<string> = new Set(["Bag", "Seq", "Alt"]);
const nameShape = /^[A-Za-z][A-Za-z0-9]{0,63}$/;
const maxNameLength = 128;
const maxItems = 1000;

const belowTheSea = 1;

interface Found {
  /** The URI of the namespace. If several namespaces have a property of this name, the first one's counts. */
  readonly uri: string;
  readonly items: XmpValue[];
}

/**
 * Reads the properties of XMP. The names of a structure and of its field are joined into one name, and the fields of
 * several structures into lists.
 */
export function xmpEntries(text: string): EmbeddedEntry[] {
  const found = new Map<string, Found>();
  for (const description of descriptions(readXmpTree(text))) {
    addFields("", description, found);
  }
  const [altitude] = found.get("GPSAltitude")?.items ?? [];
  const [reference] = found.get("GPSAltitudeRef")?.items ?? [];
  if (typeof altitude === "number" && altitude > 0 && reference === belowTheSea) {
    found.set("GPSAltitude", { uri: "", items: [-altitude] });
  }
  return [...found].map(([name, { items }]): EmbeddedEntry => {
    const [only] = items;
    const value: EmbeddedValue = items.length === 1 && only !== undefined && !lists.has(name) ? only : items;
    return [name, value];
  });
}

function descriptions(node: XmpNode): XmpNode[] {
  const own = node.children.filter((child) => isRdf(child, "Description"));
  return [...own, ...node.children.filter((child) => !isRdf(child, "Description")).flatMap(outerOnly)];
}

/** Finds the outer descriptions. A description within a property is that property's value. */
function outerOnly(node: XmpNode): XmpNode[] {
  return isRdf(node, "RDF") || node.uri === "adobe:ns:meta/" ? descriptions(node) : [];
}

function addFields(prefix: string, node: XmpNode, found: Map<string, Found>): void {
  for (const { uri, local, value } of node.attributes) {
    if (isProperty({ uri, local })) addItem(nameOf(prefix, { uri, local }), uri, value, found);
  }
  for (const child of node.children) {
    if (isProperty(child)) addValue(nameOf(prefix, child), child, found);
  }
}

function nameOf(structure: string, { uri, local }: Pick<XmpAttribute, "uri" | "local">): string {
  const own = structure === "" && photographic.has(uri) ? nameInExif(local) : undefined;
  return own ?? nameInAnswer(structure, local);
}

function addValue(name: string, node: XmpNode, found: Map<string, Found>): void {
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
    addFields(name, inner, found);
  } else {
    addItem(name, node.uri, resource?.value ?? node.text, found);
  }
}

function addItem(name: string, uri: string, raw: string, found: Map<string, Found>): void {
  const item = readXmpValue(name, uri, raw);
  if (item === "" || name.length > maxNameLength) return;
  const known = found.get(name);
  if (known === undefined) found.set(name, { uri, items: [item] });
  else if (known.uri === uri && known.items.length < maxItems) known.items.push(item);
}

function isRdf({ uri, local }: { readonly uri: string; readonly local: string }, name: string): boolean {
  return uri === rdf && local === name;
}

function isProperty({ uri, local }: Pick<XmpAttribute, "uri" | "local">): boolean {
  if (photographic.has(uri) && technical.has(local)) return false;
  return uri !== "" && !leftOut.has(uri) && nameShape.test(local);
}

function isDefault({ attributes }: XmpNode): boolean {
  return attributes.some(({ uri, local, value }) => uri === xml && local === "lang" && value === "x-default");
}

type XmpValue = string | number | boolean;

/** Namespaces whose values are texts even if they look like numbers. */
const textual: ReadonlySet<string> = new Set([
  "http://purl.org/dc/elements/1.1/",
  "http://ns.adobe.com/photoshop/1.0/",
  "http://ns.adobe.com/xap/1.0/rights/",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
]);

/** The namespaces that hold EXIF's properties in XMP. */
const photographic: ReadonlySet<string> = new Set(["http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/tiff/1.0/"]);

/**
 * The names of properties that are dates. The values of others may look like dates too: a picture's title may be one.
 */
const dates = /Date|^(?:GPSTimeStamp|IPTCLastEdited)$/;

const places: ReadonlySet<string> = new Set(["GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"]);

const numberShape = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const ratioShape = /^(-?\d{1,15})\/(\d{1,15})$/;
const placeShape = /^(\d{1,3}),(\d{1,2}(?:\.\d{1,15})?)(?:,(\d{1,2}(?:\.\d{1,15})?))?([NSEW])$/;

/** @param name the property's name in the answer */
function readXmpValue(name: string, uri: string, raw: string): XmpValue {
  const text = raw.trim();
  if (dates.test(name)) return isoFromXmp(text) ?? text;
  if (textual.has(uri)) return text;
  const angle = photographic.has(uri) && places.has(name) ? degrees(text) : undefined;
  if (angle !== undefined) return angle;
  if (numberShape.test(text)) return (photographic.has(uri) && wordForName(name, Number(text))) || Number(text);
  if (text === "True" || text === "False") return text === "True";
  const [, above, below] = ratioShape.exec(text) ?? [];
  return below === undefined || Number(below) === 0 ? text : rounded(Number(above) / Number(below));
}

/** Converts `48,12.5S`, with or without seconds, to signed degrees. */
function degrees(text: string): number | undefined {
  const [, whole, minutes, seconds = "0", direction = ""] = placeShape.exec(text) ?? [];
  if (whole === undefined) return undefined;
  if (Number(whole) > 180 || Number(minutes) >= 60 || Number(seconds) >= 60) return undefined;
  const angle = rounded(Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600);
  return angle !== 0 && "SW".includes(direction) ? -angle : angle;
}
