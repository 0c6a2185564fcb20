import { type DeliverySettings, defaultDelivery } from "../media/image/plan/choose-output.ts";
import type { Perimeter } from "./perimeter.ts";
import { everybody, perimeterSwitches } from "./perimeter-switches.ts";
import type { SwitchRecord } from "./switch-record.ts";

/**
 * The restriction says which unsigned URLs are refused: none, all except those that use only named transformations, or
 * all (docs/protocol/delivery.md §5).
 */
export type UnsignedRestriction = "off" | "except_named" | "all";

/** The settings that say how an account delivers (docs/protocol/delivery.md §2, §5, §14). */
export interface DeliverySwitches extends DeliverySettings, Perimeter {
  /**
   * The file that an image's URL without a transformation delivers: an image made for the client, or the stored bytes.
   */
  readonly plainImages: "optimised" | "original";
  /** Whether `Save-Data: on` lowers the quality. */
  readonly dataSaver: boolean;
  readonly restrictUnsignedImages: UnsignedRestriction;
  readonly restrictUnsignedVideos: UnsignedRestriction;
  /** Whether thumbnails of private files need a signed URL, as the files themselves do. */
  readonly privateThumbnails: "unsigned" | "signed";
  /** Whether only named transformations are accepted. */
  readonly restrictUnnamed: boolean;
  /** Whether unknown transformation parameters are refused, or ignored as if they weren't there. */
  readonly unknownParameters: "refuse" | "ignore";
  /** The number of seconds for which shared caches may answer for a plain URL without asking. */
  readonly sharedCacheSeconds: number;
}

function onOff(flag: string, standard: boolean, description: string): SwitchRecord<boolean> {
  const states: Readonly<Record<string, boolean>> = { on: true, off: false };
  const parse = (text: string) => (Object.hasOwn(states, text) ? states[text] : undefined);
  const accept = (value: unknown) => (typeof value === "boolean" ? value : undefined);
  return { flag, values: "on, off", standard, description, parse, accept };
}

function oneOf<Value extends string>(
  flag: string,
  values: readonly Value[],
  standard: Value,
  description: string,
): SwitchRecord<Value> {
  const accept = (value: unknown) => values.find((one) => one === value);
  return { flag, values: values.join(", "), standard, description, parse: accept, accept };
}

function wholeNumber(
  flag: string,
  [min, max]: readonly [number, number],
  standard: number,
  description: string,
): SwitchRecord<number> {
  const accept = (value: unknown) =>
    typeof value === "number" && Number.isInteger(value) && value >= min && value <= max ? value : undefined;
  const parse = (text: string) => (/^\d{1,9}$/.test(text) ? accept(Number(text)) : undefined);
  return { flag, values: `${min} to ${max}`, standard, description, parse, accept };
}

const restrictions = ["off", "except_named", "all"] as const;
const yearSeconds = 31_536_000;

/** Every switch. `sluice account set`, `sluice account list` and docs/delivery.md are generated from it. */
export const deliverySwitches = {
  plainImages: oneOf(
    "plain-images",
    ["optimised", "original"],
    "optimised",
    "answer to an image's URL without a transformation: an image made for the client, or the bytes as they were uploaded",
  ),
  bestFormat: onOff(
    "best-format",
    defaultDelivery.bestFormat,
    "send the best format that the client takes, unless `f` names one; off keeps the file's own format",
  ),
  avif: onOff("avif", defaultDelivery.avif, "choose AVIF too, for clients that take it"),
  quality: wholeNumber("quality", [1, 100], defaultDelivery.quality, "quality of lossy formats if the URL has no `q`"),
  dataSaver: onOff(
    "data-saver",
    false,
    "send a quality of at most 50 to clients that send `Save-Data: on`, if the URL has no `q`",
  ),
  stripMetadata: onOff(
    "strip-metadata",
    defaultDelivery.stripMetadata,
    "leave out EXIF, XMP and IPTC metadata, unless the URL has `md-true`",
  ),
  stripProfile: onOff(
    "strip-profile",
    defaultDelivery.stripProfile,
    "convert to sRGB and leave out the colour profile, unless the URL has `cp-true`",
  ),
  autoOrient: onOff("auto-orient", defaultDelivery.autoOrient, "turn photos as their EXIF orientation says"),
  chromaSubsampling: oneOf(
    "chroma-subsampling",
    ["auto", "4:4:4", "4:2:0"],
    defaultDelivery.chromaSubsampling,
    "chroma subsampling of JPEGs: 4:2:0 makes smaller files with coarser colours; auto uses it except for PNG, GIF, SVG and lossless WebP, whose edges it would smear",
  ),
  pngCompression: oneOf(
    "png-compression",
    ["lossy", "minimum", "none"],
    defaultDelivery.pngCompression,
    "compression of PNGs: with as few colours as suffice, lossless and as small as possible, or lossless and quick",
  ),
  restrictUnsignedImages: oneOf(
    "restrict-unsigned-images",
    restrictions,
    "off",
    "unsigned URLs of images, and of thumbnails of PDFs, that answer 401: none, all except those that use only named transformations, or all",
  ),
  restrictUnsignedVideos: oneOf(
    "restrict-unsigned-videos",
    restrictions,
    "off",
    "unsigned URLs of videos that answer 401, as for images",
  ),
  privateThumbnails: {
    ...oneOf<DeliverySwitches["privateThumbnails"]>(
      "private-thumbnails",
      ["signed", "unsigned"],
      "signed",
      "thumbnails of private files: by signed URLs alone, which answers then carry, or shown to everybody, which is the vendor's way",
    ),
    former: "unsigned",
  },
  restrictUnnamed: onOff(
    "restrict-unnamed",
    false,
    "answer 400 to transformations that contain anything but names, signed or not",
  ),
  unknownParameters: oneOf(
    "unknown-parameters",
    ["refuse", "ignore"],
    "refuse",
    "answer 400 to unknown transformation parameters, or ignore them",
  ),
  sharedCacheSeconds: wholeNumber(
    "shared-cache-seconds",
    [0, yearSeconds],
    60,
    "seconds for which a CDN may answer for a public URL without asking; a change of the file shows only after them",
  ),
  ...perimeterSwitches,
} as const satisfies { readonly [Name in keyof DeliverySwitches]: SwitchRecord<DeliverySwitches[Name]> };

export const defaultSwitches: DeliverySwitches = Object.freeze(
  Object.fromEntries(Object.entries(deliverySwitches).map(([name, { standard }]) => [name, standard])),
) as unknown as DeliverySwitches;

type SwitchName = keyof DeliverySwitches;

/** The switches whose default has changed, each with the value that an account without a stored one keeps. */
const formerValues: Partial<DeliverySwitches> = Object.fromEntries(
  Object.entries<SwitchRecord<unknown>>(deliverySwitches).flatMap(([name, { former }]) =>
    former === undefined ? [] : [[name, former]],
  ),
);
const changedNames = Object.keys(formerValues) as SwitchName[];

const unsetSwitches: DeliverySwitches = Object.freeze({ ...defaultSwitches, ...formerValues });

/** Reads the switches as they are stored with the account: JSON of those that were set, or null. */
export function readSwitches(stored: string | null): DeliverySwitches {
  return stored === null ? unsetSwitches : { ...unsetSwitches, ...setSwitches(stored) };
}

/** The switches that are stored with a new account, so that it has the defaults of the version that makes it. */
export const newAccountSwitches: string = JSON.stringify(
  Object.fromEntries(changedNames.map((name) => [name, defaultSwitches[name]])),
);

/**
 * Stores with an account that an earlier version has made what it keeps of that version's defaults.
 * @returns undefined where nothing is to be stored
 */
export function keepFormerSwitches(stored: string | null): string | undefined {
  const set = setSwitches(stored);
  if (changedNames.every((name) => name in set)) return undefined;
  return JSON.stringify({ ...formerValues, ...set });
}

/** The switches that somebody has set, with their values. */
export function setSwitches(stored: string | null): Partial<DeliverySwitches> {
  return stored === null ? {} : (JSON.parse(stored) as Partial<DeliverySwitches>);
}

/** The new values of switches. With null a switch goes back to its default. */
export type SwitchChanges = { readonly [Name in keyof DeliverySwitches]?: DeliverySwitches[Name] | null };

/** Adds changes to the switches that are already set. */
export function addSwitches(stored: string | null, changes: SwitchChanges): string {
  const values = Object.entries({ ...setSwitches(stored), ...changes }).map(([name, value]) => {
    // Without a stored value the account would go back to the former default.
    return [name, value === null && name in formerValues ? defaultSwitches[name as SwitchName] : value] as const;
  });
  return JSON.stringify(Object.fromEntries(values.filter(([, value]) => value !== null)));
}

/** The switches with which images are made. */
export function imageSettings(switches: DeliverySwitches): DeliverySettings {
  const { bestFormat, avif, quality, stripMetadata, stripProfile, autoOrient, chromaSubsampling, pngCompression } =
    switches;
  return { bestFormat, avif, quality, stripMetadata, stripProfile, autoOrient, chromaSubsampling, pngCompression };
}

/** The value as it is written on the command line. */
export function printSwitch(value: boolean | number | string | readonly string[]): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "object") return value.length === 0 ? everybody : value.join(",");
  return String(value);
}
