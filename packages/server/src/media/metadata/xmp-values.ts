import { isoFromXmp } from "./dates.ts";
import { wordForName } from "./tag-names.ts";

export type XmpValue = string | number | boolean;

/** Namespaces whose values are texts though they look like numbers. */
const textual: ReadonlySet<string> = new Set([
  "http://purl.org/dc/elements/1.1/",
  "http://ns.adobe.com/photoshop/1.0/",
  "http://ns.adobe.com/xap/1.0/rights/",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
]);

/** What EXIF says, in XMP. */
const photographic: ReadonlySet<string> = new Set(["http://ns.adobe.com/exif/1.0/", "http://ns.adobe.com/tiff/1.0/"]);

/** Properties that are dates, whatever others look like: a picture's title may be one. */
const dates: ReadonlySet<string> = new Set([
  "ArtworkDateCreated",
  "CreateDate",
  "CreationDate",
  "Date",
  "DateAcquired",
  "DateCreated",
  "DateTime",
  "DateTimeDigitized",
  "DateTimeOriginal",
  "FirstPhotoDate",
  "FirstPublicationDate",
  "GPSTimeStamp",
  "LastPhotoDate",
  "LicenseEndDate",
  "LicenseStartDate",
  "LicenseTransactionDate",
  "MetadataDate",
  "ModificationDate",
  "ModifyDate",
  "PublicationDate",
  "ShotDate",
]);

const places: ReadonlySet<string> = new Set(["GPSLatitude", "GPSLongitude", "GPSDestLatitude", "GPSDestLongitude"]);

const numberShape = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
const ratioShape = /^(-?\d{1,15})\/(\d{1,15})$/;
const placeShape = /^(\d{1,3}),(\d{1,2}(?:\.\d{1,15})?)(?:,(\d{1,2}(?:\.\d{1,15})?))?([NSEW])$/;

/** @param name the property's in the answer */
export function readXmpValue(name: string, uri: string, raw: string): XmpValue {
  const text = raw.trim();
  if (dates.has(name)) return isoFromXmp(text) ?? text;
  if (textual.has(uri)) return text;
  if (photographic.has(uri) && places.has(name)) return degrees(text) ?? text;
  if (numberShape.test(text)) return (photographic.has(uri) && wordForName(name, Number(text))) || Number(text);
  if (text === "True" || text === "False") return text === "True";
  const [, above, below] = ratioShape.exec(text) ?? [];
  return below === undefined || Number(below) === 0 ? text : Number(above) / Number(below);
}

/** `48,12.5S`, or with seconds, in signed degrees with as many digits as EXIF's have. */
function degrees(text: string): number | undefined {
  const [, whole, minutes, seconds = "0", direction = ""] = placeShape.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const angle = Math.round((Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600) * 1e8) / 1e8;
  return angle !== 0 && "SW".includes(direction) ? -angle : angle;
}
