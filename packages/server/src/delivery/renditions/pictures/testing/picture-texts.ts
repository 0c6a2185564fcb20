import fc, { type Arbitrary } from "fast-check";

/** The items of each step of a transformation. A condition is alone in its step. */
export type WrittenSteps = readonly (readonly string[])[];

const number = fc.constantFrom("0", "0.4", "1", "2", "3.5", "17", "60");
const colour = fc.constantFrom("red", "FF0000", "00FF0080", "transparent", "1A2b3C");

function arithmetic(variables: readonly string[]): Arbitrary<string> {
  const operand = fc.oneof(fc.constantFrom(...variables), number);
  return fc
    .tuple(operand, fc.constantFrom("add", "sub", "mul", "div", "mod", "pow"), operand, fc.boolean())
    .map(([one, operator, other, more]) => `${one}_${operator}_${other}${more ? "_div_3" : ""}`);
}

/** The items that change pixels, of the file itself or of a layer. */
function pixelItems(variables: readonly string[]): Arbitrary<string> {
  const side = fc.oneof(
    fc.constantFrom("5", "16", "31", "60", "0.5"),
    arithmetic(variables).filter((text) => !text.startsWith("0")),
  );
  const length = fc.oneof(number, arithmetic(variables));
  const keyed = (key: string, value: Arbitrary<string>) => value.map((text) => `${key}-${text}`);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: keyed("w", fc.oneof({ weight: 4, arbitrary: side }, { weight: 1, arbitrary: fc.constant("auto") })),
    },
    { weight: 3, arbitrary: keyed("h", side) },
    keyed("ar", fc.constantFrom("4-3", "1-1", "8_6", "1.5")),
    keyed("c", fc.constantFrom("force", "at_max", "at_least", "maintain_ratio")),
    keyed("cm", fc.constantFrom("extract", "pad_resize", "pad_extract")),
    keyed("fo", fc.constantFrom("auto", "center", "top_left", "custom")),
    keyed("x", length),
    keyed("yc", length),
    keyed("z", fc.constantFrom("1", "2")),
    keyed("dpr", fc.constantFrom("1", "2", "0.5", "auto")),
    keyed("bg", fc.oneof(colour, fc.constantFrom("blurred", "blurred_auto_20", "dominant", "gradient_dominant"))),
    keyed("t", fc.constantFrom("true", "5")),
    keyed("bl", fc.constantFrom("1", "9")),
    keyed("rt", fc.constantFrom("0", "90", "N90", "30", "450", "auto")),
    keyed("fl", fc.constantFrom("h", "v", "h_v", "v_h")),
    keyed(
      "b",
      fc.tuple(length, colour).map((parts) => parts.join("_")),
    ),
    keyed("r", fc.constantFrom("0", "5", "max", "1_2_max_3")),
    keyed("o", fc.constantFrom("0", "50", "100")),
    keyed(
      "cr",
      fc.tuple(colour, fc.constantFrom("0", "40"), colour).map((parts) => parts.join("_")),
    ),
    keyed("du", number),
    fc.constantFrom("e-grayscale", "e-contrast", "e-sharpen", "e-sharpen-50", "e-usm-1-1-0.5-0.1", "c2pa-true"),
    fc.constantFrom("e-shadow", "e-shadow-bl-3_st-60_x-N20_y-5", "e-colorize", "e-colorize-co-red_in-35"),
    fc.constantFrom("e-distort-a-40", "e-distort-a-N300", "e-distort-p-0_0_20_N3_18_17_2_14"),
    fc.tuple(fc.constantFrom("bottom", "180", "37"), length).map(([to, stop]) => `e-gradient-ld-${to}_sp-${stop}`),
  );
}

const outputItem = fc.oneof(
  fc.constantFrom("f-png", "f-webp", "f-jpg", "f-avif", "f-auto", "f-orig", "f-gif"),
  fc.constantFrom("q-30", "q-80", "pr-true", "lo-true", "lo-false", "cp-true", "md-true", "dn-100", "dn-idn_mul_2"),
);

const offset = fc.oneof(fc.constantFrom("0", "N0", "3", "N7", "900"), arithmetic(["bw", "bh", "cw", "ch"]));
const place = fc.constantFrom("center", "top", "top_left", "bottom_right");

const placements = fc
  .record(
    { lx: offset, ly: offset, lap: place, lfo: place, lm: fc.constantFrom("multiply", "cutout", "cutter") },
    { requiredKeys: [] },
  )
  .map((chosen) => Object.entries(chosen).flatMap(([key, value]) => (value === undefined ? [] : [`${key}-${value}`])));
const centred = fc.tuple(offset, offset).map(([across, down]) => [`lxc-${across}`, `lyc-${down}`]);
const shifting = fc.constantFrom(["lm-displace", "lx-3", "ly-2"], ["lm-displacement", "lx-N9", "lap-top"]);
const where = fc.oneof(
  { weight: 3, arbitrary: placements },
  { weight: 1, arbitrary: centred },
  { weight: 1, arbitrary: shifting },
);

const layerItem = pixelItems(["bw", "bh", "bar", "cw", "ch"]);
const layerOnly = fc.constantFrom("al-1", "al-5", "t-false");
const textItem = fc.constantFrom("fs-9", "fs-bh_div_2", "co-blue", "pa-2_3", "ff-Lobster", "tg-b", "ia-left", "lh-12");

function layer(inner: Arbitrary<string>): Arbitrary<string> {
  const images = fc.tuple(
    fc.constantFrom("i-logo.png", "i-marked.png", "ie-bG9nby5wbmc%3D", "i-ik_canvas"),
    fc.array(fc.oneof({ weight: 8, arbitrary: layerItem }, { weight: 1, arbitrary: layerOnly }), { maxLength: 3 }),
  );
  const texts = fc.tuple(fc.constantFrom("i-Hi", "ie-5pel"), fc.array(textItem, { maxLength: 3 }));
  const content = fc.oneof(
    { weight: 3, arbitrary: images.map(([input, items]) => ["l-image", input, ...items]) },
    { weight: 1, arbitrary: texts.map(([input, items]) => ["l-text", input, ...items]) },
  );
  const body = fc.tuple(content, where, fc.array(inner, { maxLength: 1 }), fc.option(layerItem));
  return body.map(([items, placed, within, next]) =>
    [...items, ...placed, ...within].join(",").concat(next === null ? "" : `:${next}`, ",l-end"),
  );
}

const anyLayer = layer(layer(layer(layerItem)));
const fileItem = pixelItems(["iw", "ih", "iar", "cw", "ch", "car"]);

/** No parameter is said twice, so that the order of a step's items has no meaning, but for the order of its layers. */
const plainStep = fc.uniqueArray(
  fc.oneof(
    { weight: 6, arbitrary: fileItem },
    { weight: 2, arbitrary: outputItem },
    { weight: 1, arbitrary: anyLayer },
  ),
  { minLength: 1, maxLength: 4, selector: (item) => /^(?:e-)?\w+/.exec(item)?.[0] },
);

const comparison = fc
  .tuple(
    fc.constantFrom("w", "h", "ar", "iw", "ih", "iar"),
    fc.constantFrom("eq", "ne", "gt", "lte"),
    fc.constantFrom("1", "16", "24"),
  )
  .map((parts) => parts.join("_"));
const branch = fc
  .array(plainStep, { minLength: 1, maxLength: 2 })
  .map((steps) => steps.map((step) => step.join(",")).join(":"));
const conditionalStep = fc
  .tuple(comparison, fc.constantFrom("", "_or_ar_lt_2-1", "_and_w_gt_3"), branch, fc.option(branch))
  .map(([first, rest, yes, no]) => [
    [`if-${first}${rest}`, yes, ...(no === null ? [] : ["if-else", no]), "if-end"].join(","),
  ]);

/** Generates transformations of pictures in all words of the language, most of which can be done. */
export const pictureSteps: Arbitrary<WrittenSteps> = fc.array(
  fc.oneof({ weight: 5, arbitrary: plainStep }, { weight: 1, arbitrary: conditionalStep }),
  { minLength: 1, maxLength: 3 },
);

export function textOf(steps: WrittenSteps): string {
  return steps.map((items) => items.join(",")).join(":");
}

/** Writes the items of each step in another order. Layers, of which there is one at most, have their place anywhere. */
export function reversed(steps: WrittenSteps): WrittenSteps {
  return steps.map((items) => items.toReversed());
}
