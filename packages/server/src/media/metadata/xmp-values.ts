import { isoFromXmp } from "./dates.ts";
import { rounded } from "./rounded.ts";
import { wordForName } from "./tag-names.ts";

export type XmpValue = string | number | boolean;

/** Namespaces whose values are texts even if they look like numbers. */
const textual: ReadonlySet<string> = new Set([
  "http://purl.org/dc/elements/1.1/",
  "http://ns.adobe.com/photoshop/1.0/",
  "http://ns.adobe.com/xap/1.0/rights/",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
]);

/** The namespaces that hold EXIF's properties in XMP. */
export const photographic: ReadonlySet<string> = new Set([
  "http://ns.adobe.com/exif/1.0/",
  "http://ns.adobe.com/tiff/1.0/",
]);

/**
 * The names of properties that are dates. The values of others may look like dates too: a picture's title may be one.
 */
const dates = /Date|^(?:GPSTimeStamp|IPTCLastEdited)$/;

const places: ReadonlySet<string> = new Set(["GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"]);

const numberShape = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const ratioShape = /^(-?\d{1,15})\/(\d{1,15})$/;
const placeShape = /^(\d{1,3}),(\d{1,2}(?:\.\d{1,15})?)(?:,(\d{1,2}(?:\.\d{1,15})?))?([NSEW])$/;

/** @param name the property's name in the answer */
export function readXmpValue(name: string, uri: string, raw: string): XmpValue {
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
