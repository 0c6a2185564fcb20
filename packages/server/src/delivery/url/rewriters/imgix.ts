import {
  colourName,
  hexColour,
  keyword,
  numeric,
  RewriteProblem,
  type Rewritten,
  type Translate,
  translateQuery,
  wholeOrFraction,
} from "./rewritten.ts";

/** The parameters of imgix that are translated (docs/url-endpoints.md). */
const imgixParameters: Readonly<Record<string, Translate>> = {
  w: numeric("w"),
  h: numeric("h"),
  ar: (value) => {
    const [, width, height] = /^(\d{1,5}(?:\.\d{1,4})?):(\d{1,5}(?:\.\d{1,4})?)$/.exec(value) ?? [];
    return width === undefined ? undefined : `ar-${width}-${height}`;
  },
  crop: (value) => {
    const place = value.split(",").sort(byPlace).join("_");
    return Object.hasOwn(focuses, place) ? `fo-${focuses[place]}` : undefined;
  },
  fit: (value) => (Object.hasOwn(fits, value) ? fits[value] : undefined),
  fill: (value) => (value === "solid" ? null : undefined),
  fm: keyword("f", {
    ...{ jpg: "jpg", jpeg: "jpeg", pjpg: "jpg", jp2: "jpg", png: "png", png8: "png", png32: "png" },
    ...{ webp: "webp", gif: "gif", avif: "avif" },
  }),
  q: numeric("q"),
  orient: keyword("rt", {
    "0": "0",
    "1": "0",
    "3": "180",
    "6": "90",
    "8": "270",
    "90": "90",
    "180": "180",
    "270": "270",
  }),
  "fill-color": background,
  bg: background,
  dpr: numeric("dpr"),
  sharp: (value) => (isWithin(value, 0, 100) ? `e-sharpen-${Number(value) * 20}` : undefined),
  con: (value) => (isWithin(value, -100, 100) ? (Number(value) === 0 ? null : "e-contrast") : undefined),
  blur: (value) =>
    isWithin(value, 0, 2000) ? (Number(value) === 0 ? null : `bl-${(Number(value) / 20).toFixed(2)}`) : undefined,
  trim: keyword("t", { auto: "true", color: "true" }),
  // `format` is a negotiated format, which is ours unless `f` names one. `compress` asks for what is done anyway.
  auto: (value) => {
    const wishes = value.split(",");
    if (!wishes.every((wish) => wish === "format" || wish === "compress")) return undefined;
    return wishes.includes("format") ? "f-auto" : null;
  },
};

/** The service's other parameters. */
const untranslated =
  /^(?:blend.*|border|bri|ch|chromasub|colou?rquant|colors|corner-radius|cs|dl|dpi|duotone|exp|expires|faceindex|facepad|faces|flip|fp-.*|gam|high|htn|hue|invert|iptc|jpg-progressive|lossless|mark.*|mask.*|max-[wh]|min-[wh]|mono|monochrome|nr|nrs|pad.*|page|palette|pdf-.*|prefix|px|rasterize-bg|rect|rot|sat|sepia|shad|skip-default-optimizations|svg-sanitize|transparency|trim-.*|txt.*|vib|border-.*|duotone-.*)$/;

/** @throws RewriteProblem */
export function rewriteImgix(rest: string): Rewritten {
  const { parts, read } = translateQuery("imgix", rest, imgixParameters, untranslated);
  // Named formats come before `auto=format`.
  if (read("fm") !== undefined) parts.delete("auto");
  const all = new Set([...parts.values(), ...unsharpMask(read("usm"), read("usmrad"))]);
  return { rest, transformations: all.size === 0 ? [] : [[...all].join(",")] };
}

/** The radius means something beside the strength alone. */
function unsharpMask(strength: string | undefined, radius = "2.5"): string[] {
  if (strength === undefined) return [];
  if (!isWithin(strength, -100, 100)) throw new RewriteProblem("imgix", `usm=${strength}`);
  if (!isWithin(radius, 0, 500)) throw new RewriteProblem("imgix", `usmrad=${radius}`);
  return [`e-usm-${Number(radius)}-${(Math.max(0, Number(strength)) / 5).toFixed(2)}-1-0.05`];
}

const fits: Readonly<Record<string, string | null>> = {
  clip: "c-at_max_enlarge",
  crop: null,
  facearea: "fo-face",
  fill: "cm-pad_resize",
  fillmax: "cm-pad_resize",
  max: "c-at_max",
  scale: "c-force",
};

const focuses: Readonly<Record<string, string>> = {
  ...{ top: "top", bottom: "bottom", left: "left", right: "right", faces: "auto" },
  ...{ top_left: "top_left", top_right: "top_right", bottom_left: "bottom_left", bottom_right: "bottom_right" },
};

/** Our language names the edge above or below first. */
function byPlace(one: string, other: string): number {
  const rank = (place: string) => (place === "top" || place === "bottom" ? 0 : 1);
  return rank(one) - rank(other);
}

function background(value: string): string | undefined {
  const colour = hexColour(value, "first") ?? colourName(value);
  return colour === undefined ? undefined : `bg-${colour}`;
}

function isWithin(value: string, min: number, max: number): boolean {
  return wholeOrFraction.test(value.replace(/^-/, "")) && Number(value) >= min && Number(value) <= max;
}
