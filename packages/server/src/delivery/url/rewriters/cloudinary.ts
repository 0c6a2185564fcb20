import { percentDecode } from "@sluice/grammar";
import { splitRest } from "../delivery-url.ts";
import {
  colourName,
  hexColour,
  keyword,
  numeric,
  RewriteProblem,
  type Rewritten,
  type Translate,
  wholeOrFraction,
} from "./rewritten.ts";

/** The parameters of Cloudinary that are translated (docs/url-endpoints.md). */
const cloudinaryParameters: Readonly<Record<string, Translate>> = {
  w: size("w"),
  h: size("h"),
  ar: (value) => {
    const [, width, height = "1"] = /^(\d{1,5}(?:\.\d{1,4})?)(?::(\d{1,5}(?:\.\d{1,4})?))?$/.exec(value) ?? [];
    return width === undefined ? undefined : `ar-${width}-${height}`;
  },
  g: keyword("fo", {
    ...{ north: "top", south: "bottom", east: "right", west: "left", center: "center", auto: "auto", face: "face" },
    ...{ north_west: "top_left", north_east: "top_right", south_west: "bottom_left", south_east: "bottom_right" },
    custom: "custom",
  }),
  x: numeric("x"),
  y: numeric("y"),
  f: keyword("f", {
    ...{ auto: "auto", jpg: "jpg", jpeg: "jpeg", png: "png", webp: "webp", gif: "gif", avif: "avif" },
  }),
  q: (value) => {
    if (/^auto(?:$|:)/.test(value)) return Object.hasOwn(autoQualities, value) ? autoQualities[value] : undefined;
    return numeric("q")(value);
  },
  a: (value) => {
    const [, sign, angle] = /^(-?)(\d{1,3})$/.exec(value) ?? [];
    return angle === undefined ? undefined : `rt-${sign === "-" ? "N" : ""}${angle}`;
  },
  r: (value) => {
    if (value === "max") return "r-max";
    const [radius = "", ...others] = value.split(":");
    // Our language has one radius for all corners.
    return wholeOrFraction.test(radius) && others.every((other) => other === radius) ? `r-${radius}` : undefined;
  },
  e: effect,
  bo: (value) => {
    const [, width, text = ""] = /^(\d{1,4})px_solid_(.+)$/.exec(value) ?? [];
    const border = colour(text);
    return width === undefined || border === undefined ? undefined : `b-${width}_${border}`;
  },
  b: (value) => {
    const background = colour(value);
    return background === undefined ? undefined : `bg-${background}`;
  },
  dpr: (value) => (value === "auto" ? "dpr-auto" : numeric("dpr")(value)),
  c: (value) => (Object.hasOwn(crops, value) ? crops[value] : undefined),
  t: (value) => (/^\w{1,100}$/.test(value) ? `n-${value}` : undefined),
  fl: (value) => {
    if (/^progressive(?::(?:steep|semi))?$/.test(value)) return "pr-true";
    return value === "progressive:none" ? "pr-false" : undefined;
  },
};

/** The service's keys. A segment of such parameters is a transformation, and no folder. */
const keys =
  /^(?:ac|af|ar|a|bo|br|b|co|cs|c|dl|dn|dpr|du|d|eo|e|fl|fn|fps|f|g|h|if|ki|l|o|pg|p|q|r|so|sp|t|u|vc|vs|w|x|y|z)_.+$/;
const versionSegment = /^v\d{1,20}$/;
const assetTypes: ReadonlySet<string> = new Set(["image", "video", "raw", "files", "images", "videos"]);
const deliveryTypes: ReadonlySet<string> = new Set(["upload", "private", "authenticated", "public", "asset"]);

/**
 * Translates `[<asset type>/<delivery type>/][<transformation>/…][v<version>/]<path>`. A version ends the
 * transformations, for a folder that looks like one.
 * @param preserves whether the path keeps the asset type and the delivery type
 * @throws RewriteProblem
 */
export function rewriteCloudinary(rest: string, preserves: boolean): Rewritten {
  const { path, query } = splitRest(rest);
  const segments = path.split("/").filter((segment, index, all) => segment !== "" || index === all.length - 1);
  const [asset = "", delivery = ""] = segments;
  const typed = segments.length > 2 && assetTypes.has(asset) && deliveryTypes.has(delivery) ? 2 : 0;
  let at = typed;
  const transformations: string[] = [];
  // The last segment is the file's name, whatever it looks like.
  for (; at < segments.length - 1; at += 1) {
    const parts = (percentDecode(segments[at] ?? "") ?? "").split(",");
    if (!parts.every((part) => keys.test(part))) break;
    transformations.push(...translateStep(parts));
  }
  if (at < segments.length - 1 && versionSegment.test(segments[at] ?? "")) at += 1;
  const file = [...(preserves ? segments.slice(0, typed) : []), ...segments.slice(at)].join("/");
  return { rest: query === undefined ? file : `${file}?${query}`, transformations };
}

function translateStep(parts: readonly string[]): string[] {
  const translated = parts.flatMap((part) => {
    const underscore = part.indexOf("_");
    const [key, value] = [part.slice(0, underscore), part.slice(underscore + 1)];
    const own = Object.hasOwn(cloudinaryParameters, key) ? cloudinaryParameters[key]?.(value) : undefined;
    if (own === undefined) throw new RewriteProblem("Cloudinary", part);
    return own === null ? [] : [own];
  });
  return translated.length === 0 ? [] : [translated.join(",")];
}

function size(key: string): Translate {
  return (value) => (value === "auto" ? `${key}-auto` : numeric(key)(value));
}

const autoQualities: Readonly<Record<string, string>> = {
  auto: "q-70",
  "auto:low": "q-50",
  "auto:eco": "q-60",
  "auto:good": "q-70",
  "auto:best": "q-86",
};

const crops: Readonly<Record<string, string>> = {
  crop: "cm-extract",
  fill: "c-maintain_ratio",
  fit: "c-at_max",
  limit: "c-at_max",
  pad: "cm-pad_resize",
  scale: "c-force",
};

/** Colours in hexadecimal begin with `rgb:` or `%23`. */
function colour(text: string): string | undefined {
  const [, hex] = /^(?:rgb:|#)(.+)$/.exec(text) ?? [];
  return hex === undefined ? colourName(text) : hexColour(hex, "last");
}

/** Effects with their strength. A strength of 100 there is 1 here. */
const effects: Readonly<Record<string, (strength: number | undefined) => string>> = {
  blur: (strength = 100) => `bl-${Math.max(1, strength / 100)}`,
  grayscale: () => "e-grayscale",
  contrast: () => "e-contrast",
  sharpen: (strength = 100) => `e-sharpen-${Math.max(1, strength / 100)}`,
  unsharp_mask: (strength = 100) => `e-usm-0-${strength / 100}-1-0.05`,
  trim: (strength) => (strength === undefined ? "t-true" : `t-${strength}`),
};

function effect(value: string): string | undefined {
  const [name = "", strength, ...others] = value.split(":");
  if (!Object.hasOwn(effects, name) || others.length > (name === "trim" ? 1 : 0)) return undefined;
  if (strength !== undefined && !/^-?\d{1,4}$/.test(strength)) return undefined;
  if (strength?.startsWith("-") && name !== "contrast") return undefined;
  return effects[name]?.(strength === undefined ? undefined : Number(strength));
}
