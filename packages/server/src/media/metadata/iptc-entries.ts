import { isoFromIptc } from "./dates.ts";
import type { EmbeddedEntry } from "./embedded-value.ts";
import { decodeTagText } from "./read-tags.ts";

/** The names of the application record's datasets in the vendor's answers: IPTC's names without their hyphens. */
const names: Readonly<Record<number, string>> = {
  0: "ApplicationRecordVersion",
  3: "ObjectTypeReference",
  4: "ObjectAttributeReference",
  5: "ObjectName",
  7: "EditStatus",
  10: "Urgency",
  12: "SubjectReference",
  15: "Category",
  20: "SupplementalCategories",
  22: "FixtureIdentifier",
  25: "Keywords",
  26: "ContentLocationCode",
  27: "ContentLocationName",
  30: "ReleaseDate",
  35: "ReleaseTime",
  37: "ExpirationDate",
  38: "ExpirationTime",
  40: "SpecialInstructions",
  55: "DateCreated",
  60: "TimeCreated",
  62: "DigitalCreationDate",
  63: "DigitalCreationTime",
  65: "OriginatingProgram",
  70: "ProgramVersion",
  80: "Byline",
  85: "BylineTitle",
  90: "City",
  92: "Sublocation",
  95: "ProvinceState",
  100: "CountryPrimaryLocationCode",
  101: "CountryPrimaryLocationName",
  103: "OriginalTransmissionReference",
  105: "Headline",
  110: "Credit",
  115: "Source",
  116: "CopyrightNotice",
  118: "Contact",
  120: "CaptionAbstract",
  121: "LocalCaption",
  122: "WriterEditor",
};

const dates: ReadonlySet<number> = new Set([30, 37, 55, 62]);
const times: ReadonlySet<number> = new Set([35, 38, 60, 63]);
/** Datasets whose two bytes are one number. */
const numbers: ReadonlySet<number> = new Set([0]);
/** Datasets that are a list even if they have one item. */
const lists: ReadonlySet<number> = new Set([25]);

const marker = 0x1c;
const applicationRecord = 2;
const envelopeRecord = 1;
const characterSet = 90;
const utf8Escape = "\x1b%G";
const maxDatasets = 1000;

/** Reads the IPTC datasets, in the order in which they first occur. */
export function iptcEntries(bytes: Buffer): EmbeddedEntry[] {
  const found = new Map<number, (string | number)[]>();
  let isUtf8 = false;
  let offset = 0;
  for (let datasets = 0; datasets < maxDatasets && bytes[offset] === marker; datasets += 1) {
    if (offset + 5 > bytes.length) break;
    const record = bytes.readUInt8(offset + 1);
    const dataset = bytes.readUInt8(offset + 2);
    const size = bytes.readUInt16BE(offset + 3);
    // An extended dataset, beyond 32 KiB, holds a preview.
    if (size > 0x7fff || offset + 5 + size > bytes.length) break;
    const value = bytes.subarray(offset + 5, offset + 5 + size);
    if (record === envelopeRecord && dataset === characterSet) isUtf8 = value.toString("latin1") === utf8Escape;
    if (record === applicationRecord && names[dataset] !== undefined) {
      const item = numbers.has(dataset) ? numberIn(value) : textIn(dataset, value, isUtf8);
      const values = found.get(dataset) ?? [];
      if (item !== undefined && item !== "") values.push(item);
      if (values.length > 0) found.set(dataset, values);
    }
    offset += 5 + size;
  }
  return [...found].map(([dataset, values]) => [
    names[dataset] ?? "",
    values.length === 1 && !lists.has(dataset) ? (values[0] ?? "") : values,
  ]);
}

function numberIn(value: Buffer): number | undefined {
  return value.length === 2 ? value.readUInt16BE(0) : undefined;
}

function textIn(dataset: number, value: Buffer, isUtf8: boolean): string {
  // Most programs write UTF-8 even without the mark.
  const text = isUtf8 ? value.toString("utf8").trimEnd() : decodeTagText(value);
  if (dates.has(dataset)) return isoFromIptc(text) ?? text;
  if (times.has(dataset)) return text.replace(/^(\d\d)(\d\d)(\d\d)([+-]\d\d)(\d\d)$/, "$1:$2:$3$4:$5");
  return text;
}
