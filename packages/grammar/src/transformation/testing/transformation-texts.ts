import fc, { type Arbitrary } from "fast-check";
import type { ParameterKey, PlacementKey } from "../parameters/parameter-values.ts";
import { transformationParameters } from "../parameters/parameters.ts";

const whole = fc.integer({ min: 0, max: 70_000 }).map(String);
const decimal = fc.oneof(
  whole,
  fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 999_999 })).map(([before, behind]) => `${before}.${behind}`),
  fc.constantFrom("0.5", ".25", "7.", "0.0000001", "99999999999999999999999"),
);
const signed = fc.tuple(fc.constantFrom("", "N", "-"), decimal).map((parts) => parts.join(""));
const color = fc.oneof(
  fc.constantFrom("red", "RebeccaPurple", "transparent", "fab", "00000000"),
  fc.tuple(fc.stringMatching(/^[0-9a-fA-F]{6}$/), fc.constantFrom("", "00", "50", "99")).map((parts) => parts.join("")),
);
const boolean = fc.constantFrom("true", "false");
const flag = fc.constantFrom("", "true", "-", "1");
const name = fc.stringMatching(/^[\w]{1,9}$/);
/** Any text that a caller encodes, including delimiters, brackets and quotes. */
const words = fc
  .oneof(
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
    fc.constantFrom("Manu", "a,b:c", "l-end", "100% off", "a@@b", " ", "+", "/", "tr:w-2", "if-else"),
  )
  .map((text) => encodeURIComponent(text.toWellFormed()));
const path = fc.array(fc.oneof(name, words), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("@@"));

function expression(variables: readonly string[]): Arbitrary<string> {
  const operand = fc.oneof(fc.constantFrom(...variables), decimal);
  const operator = fc.constantFrom("add", "sub", "mul", "div", "mod", "pow");
  return fc
    .tuple(operand, fc.array(fc.tuple(operator, operand), { maxLength: 4 }))
    .map(([first, rest]) => [first, ...rest.flat()].join("_"));
}

/** Texts of values, most of them valid, for the file itself or for layers that have sizes of their own. */
function valueTexts(variables: readonly string[]): Record<string, Arbitrary<string>> {
  const special: Partial<Record<string, Arbitrary<string>>> = specialTexts(variables);
  return Object.fromEntries(
    Object.entries(transformationParameters).map(([key, { shape }]) => [
      key,
      special[key] ?? documentedTexts(key, shape.values),
    ]),
  );
}

/** Texts of values that the reference describes completely. */
function documentedTexts(key: string, values: string): Arbitrary<string> {
  if (values === "none") return flag;
  if (/^(?:whole )?number \S+ to \S+$/.test(values)) return signed;
  if (/^`\w+`(?:, `\w+`)*$/.test(values)) return fc.constantFrom(...values.replaceAll("`", "").split(", "));
  throw new Error(`specialTexts has to say how values of ${key} are written: ${values}`);
}

function specialTexts(variables: readonly string[]) {
  const size = expression(variables);
  const duration = fc.oneof(decimal, expression(["idu", "bdu"]));
  const pixels = fc.oneof(whole, size);
  return {
    w: fc.oneof(decimal, size, fc.constant("auto")),
    h: fc.oneof(decimal, size),
    ar: fc.oneof(fc.constantFrom("4-3", "16_9", "2.5-1", "1.5"), size),
    dpr: fc.oneof(decimal, size, fc.constant("auto")),
    fo: fc.constantFrom("center", "top_left", "auto", "face", "custom", "auto-custom_override", "car", "dog_cellPhone"),
    x: fc.oneof(signed, size),
    y: fc.oneof(signed, size),
    xc: fc.oneof(signed, size),
    yc: fc.oneof(signed, size),
    bg: fc.oneof(
      color,
      fc.constantFrom("blurred", "blurred_auto", "blurred_20_N300", "dominant", "gradient_dominant_4", "genfill"),
      words.map((text) => `genfill-prompt-${text}`),
    ),
    t: fc.oneof(boolean, signed, fc.constant("")),
    cr: fc.tuple(color, whole, color).map((parts) => parts.join("_")),
    "e-colorize": fc.tuple(color, whole).map(([to, amount]) => `in-${amount}_co-${to}`),
    "e-sharpen": fc.oneof(flag, signed),
    "e-usm": fc.oneof(
      flag,
      fc.tuple(decimal, decimal, decimal, decimal).map((parts) => parts.join("-")),
    ),
    "e-gradient": fc.oneof(
      flag,
      fc
        .tuple(fc.constantFrom("top_right", "topleft", "90", "400"), color, fc.oneof(decimal, size))
        .map(([direction, from, stop]) => `sp-${stop}_from-${from}_ld-${direction}`),
    ),
    "e-shadow": fc.oneof(
      flag,
      fc.tuple(whole, signed).map(([opacity, x]) => `x-${x}_st-${opacity}`),
    ),
    "e-distort": fc.constantFrom("a-N45.5", "a-400", "p-N5_0_90_N5_100_100_0_80"),
    rt: fc.oneof(signed, fc.constant("auto")),
    b: fc.tuple(pixels, fc.constantFrom("_", "-"), color).map((parts) => parts.join("")),
    r: fc.oneof(whole, fc.constantFrom("max", "10_max_20_30")),
    "e-changebg": words.map((text) => `prompt-${text}`),
    "e-edit": words.map((text) => `prompt-${text}`),
    "e-dropshadow": fc.oneof(
      flag,
      fc.tuple(whole, whole).map(([az, el]) => `az-${az}_el-${el}`),
    ),
    dn: fc.oneof(whole, expression(["idn"])),
    n: name,
    di: path,
    pg: fc.oneof(
      fc.constantFrom("1", "2-4", "2-", "2_3-4_9-"),
      words.map((text) => `name-${text.replaceAll("%22", "")}x`),
      fc.tuple(name, name).map(([one, other]) => `name-%22${one}%22_%22${other}%2C%22`),
    ),
    so: duration,
    eo: duration,
    du: duration,
    sr: fc.constantFrom("240", "1080_240"),
    fs: pixels,
    ff: path,
    co: color,
    pa: fc.array(pixels, { minLength: 1, maxLength: 4 }).map((sides) => sides.join("_")),
    tg: fc.constantFrom("b", "i_b", "b_i_strikethrough"),
    lh: pixels,
    fol: fc.tuple(whole, color).map((parts) => parts.join("_")),
    fsh: fc.tuple(color, whole).map((parts) => parts.join("_")),
  } satisfies Partial<Record<ParameterKey, Arbitrary<string>>>;
}

const ofTheFile = valueTexts(["iw", "ih", "iar", "cw", "ch", "car"]);
const ofLayers = valueTexts(["bw", "bh", "bar"]);
const layerOnly: readonly ParameterKey[] = ["fs", "ff", "co", "ia", "pa", "al", "tg", "lh", "fol", "fsh"];

function items(texts: Partial<Record<string, Arbitrary<string>>>): Arbitrary<string> {
  return fc.oneof(
    ...Object.entries(texts).map(([key, value = fc.constant("")]) =>
      value.map((text) => (text === "" ? key : `${key}-${text}`)),
    ),
  );
}

const offset = fc.oneof(signed, expression(["bw", "bh", "cw", "ch"]));
const time = fc.oneof(decimal, expression(["idu", "bdu"]));
const position = fc.constantFrom("center", "top", "bottom_right");

/** An edge or the centre on each axis, because both together are refused. */
const placements = {
  lx: offset,
  lyc: offset,
  lap: position,
  lfo: position,
  lm: fc.constantFrom("multiply", "cutout", "cutter", "displace", "displacement"),
  lso: time,
  leo: time,
  ldu: time,
} satisfies Partial<Record<PlacementKey, Arbitrary<string>>>;

const fileItem = items(
  Object.fromEntries(Object.entries(ofTheFile).filter(([key]) => !layerOnly.some((only) => only === key))),
);
const layerItem = items(ofLayers);
const placementItem = items(placements);

function chain(step: Arbitrary<string>, maxLength: number): Arbitrary<string> {
  return fc.array(step, { minLength: 1, maxLength }).map((steps) => steps.join(":"));
}

function layer(inner: Arbitrary<string>): Arbitrary<string> {
  const input = fc.oneof(
    fc.tuple(
      fc.constant("l-text"),
      words.map((text) => `i-${text}x`),
    ),
    fc.tuple(
      fc.constantFrom("l-image", "l-video", "l-subtitles"),
      path.map((text) => `i-x${text}`),
    ),
    fc.constant(["l-image", "i-ik_canvas"]),
    fc.constant(["l-image", "ie-Y3VzdG9tZXJfbG9nby%2FDkXlrYWEucG5n"]),
  );
  const item = fc.oneof(
    { weight: 4, arbitrary: layerItem },
    { weight: 3, arbitrary: placementItem },
    { weight: 1, arbitrary: inner },
  );
  const body = chain(
    fc.array(item, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(",")),
    2,
  );
  return fc.tuple(input, body).map(([[type, source], steps]) => [type, source, steps, "l-end"].join(","));
}

const anyLayer = layer(layer(layer(layerItem)));

const comparison = fc
  .tuple(
    fc.constantFrom("w", "h", "ar", "iw", "ih", "iar"),
    fc.constantFrom("eq", "ne", "gt", "gte", "lt", "lte"),
    fc.oneof(signed, fc.constantFrom("4-3", "16-9")),
  )
  .map((parts) => parts.join("_"));

const condition = fc
  .tuple(comparison, fc.array(fc.tuple(fc.constantFrom("and", "or"), comparison), { maxLength: 3 }))
  .map(([first, rest]) => [first, ...rest.flat()].join("_"));

const plainStep = fc
  .array(fc.oneof({ weight: 5, arbitrary: fileItem }, { weight: 1, arbitrary: anyLayer }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join(","));

const conditionalStep = fc
  .tuple(condition, chain(plainStep, 2), fc.option(chain(plainStep, 2), { nil: undefined }))
  .map(([test, first, second]) =>
    [`if-${test}`, first, ...(second === undefined ? [] : ["if-else", second]), "if-end"].join(","),
  );

/** Generates transformations. A few are refused because of a value that their path or size can't have. */
export const transformationText: Arbitrary<string> = chain(
  fc.oneof({ weight: 5, arbitrary: plainStep }, { weight: 1, arbitrary: conditionalStep }),
  3,
);
