import { type BrowserStep, layerFile, type Made, type Step } from "./sdk-options.ts";

type AnyLayer = NonNullable<Step["overlay"]>;
type LayerType = AnyLayer["type"];

type BrowserLayer = NonNullable<BrowserStep["overlay"]>;

type Layer<Type extends LayerType> = Extract<AnyLayer, { type: Type }>;

/** The layers that a picture can have. */
type PictureLayer = Exclude<LayerType, "video" | "subtitle">;

/** The options that either SDK has for a layer. */
type Option<Type extends LayerType> = Exclude<keyof Layer<Type> | keyof Extract<BrowserLayer, { type: Type }>, "type">;

type Position = NonNullable<AnyLayer["position"]> & NonNullable<BrowserLayer["position"]>;
type Timing = NonNullable<AnyLayer["timing"]> & NonNullable<BrowserLayer["timing"]>;
type LayerStep<Type extends "text" | "solidColor"> = NonNullable<Layer<Type>["transformation"]>[number];

const logo = { type: "image", input: layerFile } as const;
const word = { type: "text", text: "Hello" } as const;
const block = { type: "solidColor", color: "FF0000" } as const;

/** Expects a layer to leave the size of the picture below as it is. The picture is small, so that this is fast. */
const drawn = (overlay: AnyLayer): Made => [{ width: 60, overlay }, 60, 40];

/** One example for each value that the SDKs' types name. A new value doesn't compile until it is listed here. */
const each = <Value extends string>(values: Record<Value, true>, make: (value: Value) => AnyLayer): readonly Made[] =>
  (Object.keys(values) as Value[]).map((value) => drawn(make(value)));

const sides: Record<NonNullable<Position["anchorPoint"] | Position["focus"]>, true> = {
  ...{ center: true, top: true, left: true, bottom: true, right: true },
  ...{ top_left: true, top_right: true, bottom_left: true, bottom_right: true },
};

/** The options that say where a layer lies. */
const positions = {
  x: [drawn({ ...logo, position: { x: 10 } }), drawn({ ...word, position: { x: "bw_div_10" } })],
  y: [drawn({ ...logo, position: { y: "N0" } }), drawn({ ...block, position: { y: -20 } })],
  xCenter: [drawn({ ...logo, position: { xCenter: "bw_sub_cw" } })],
  yCenter: [drawn({ ...logo, position: { yCenter: 50 } })],
  anchorPoint: each<NonNullable<Position["anchorPoint"]>>(sides, (anchorPoint) => ({
    ...logo,
    position: { anchorPoint, x: -14, y: 14 },
  })),
  focus: each<NonNullable<Position["focus"]>>(sides, (focus) => ({ ...logo, position: { focus } })),
} satisfies Record<keyof Position, readonly Made[]>;

/** The options that say when a layer is shown. They have no effect on an image (docs/protocol/transformations.md §9). */
const timings = {
  start: [drawn({ ...logo, timing: { start: 1 } })],
  end: [drawn({ ...word, timing: { end: "20.50" } })],
  duration: [drawn({ ...block, timing: { duration: "bdu_sub_2" } })],
} satisfies Record<keyof Timing, readonly Made[]>;

/** The options of a step of a text. */
const textSteps = {
  width: [{ width: 180 }, { width: "bw_mul_0.5" }],
  fontSize: [{ fontSize: 20 }, { fontSize: "bh_div_10" }],
  // A font of the library that is missing is the standard one.
  fontFamily: [{ fontFamily: "PT_Serif" }, { fontFamily: "fonts/own.ttf" }],
  fontColor: [{ fontColor: "FFAABB50" }, { fontColor: "red" }],
  innerAlignment: [{ innerAlignment: "left" }, { innerAlignment: "right" }, { innerAlignment: "center" }],
  padding: [{ padding: 5 }, { padding: "10_bw_div_20" }],
  alpha: [{ alpha: 5 }],
  typography: [{ typography: "b" }, { typography: "b_i_strikethrough" }],
  lineHeight: [{ lineHeight: 40 }, { lineHeight: "bh_div_9" }],
  background: [{ background: "FFFFFF" }],
  radius: [{ radius: 5 }, { radius: "max" }, { radius: "5_max_2_3" }],
  rotation: [{ rotation: 90 }, { rotation: "N10" }],
  flip: [{ flip: "h" }, { flip: "v" }, { flip: "h_v" }, { flip: "v_h" }],
} satisfies Record<keyof LayerStep<"text">, readonly LayerStep<"text">[]>;

/** The options of a step of a block. */
const blockSteps = {
  width: [{ width: 50 }, { width: "bw_div_2" }],
  height: [{ height: 900 }, { height: "bh_div_2" }],
  alpha: [{ alpha: 4 }],
  background: [{ background: "blue" }],
  radius: [{ radius: 9 }, { radius: "max" }, { radius: "5_max_2_3" }],
  gradient: [{ gradient: true }, { gradient: "from-red_to-white" }],
} satisfies Record<keyof LayerStep<"solidColor">, readonly LayerStep<"solidColor">[]>;

const steps = <LayerOptions>(
  options: Readonly<Record<string, readonly LayerOptions[]>>,
  make: (step: LayerOptions) => AnyLayer,
): readonly Made[] => Object.values(options).flatMap((all) => all.map((step) => drawn(make(step))));

type Encoding = NonNullable<Layer<"text">["encoding"] | Layer<"image">["encoding"]>;
const encodings: Record<Encoding, true> = { auto: true, plain: true, base64: true };

/** The options that all layers of a picture have. */
const shared = {
  layerMode: [
    drawn({ ...logo, layerMode: "multiply" }),
    drawn({ ...logo, layerMode: "cutout" }),
    drawn({ ...logo, layerMode: "displace", position: { x: 10, y: 5 } }),
    [{ width: 60, overlay: { ...logo, layerMode: "cutter" } }, 40, 20],
  ],
  position: Object.values(positions).flat(),
  timing: Object.values(timings).flat(),
} satisfies Partial<Record<Option<PictureLayer>, readonly Made[]>>;

/** Every option of the layers that a picture can have. An option that an SDK adds doesn't compile until it is here. */
export const layerOptions = {
  "any type": shared,
  text: {
    text: [drawn(word), drawn({ type: "text", text: "50 %, „sold“: 日本" })],
    encoding: each<Encoding>(encodings, (encoding) => ({ ...word, encoding })),
    transformation: steps<LayerStep<"text">>(textSteps, (step) => ({ ...word, transformation: [step] })),
  },
  image: {
    input: [drawn(logo), drawn({ type: "image", input: `/${layerFile}/` })],
    encoding: each<Encoding>(encodings, (encoding) => ({ ...logo, encoding })),
    transformation: [
      drawn({ ...logo, transformation: [{ width: 400 }, { rotation: 30 }] }),
      drawn({ ...logo, transformation: [{ overlay: { ...word, position: { x: 5 } } }] }),
    ],
  },
  solidColor: {
    color: [drawn(block), drawn({ type: "solidColor", color: "red" })],
    transformation: steps<LayerStep<"solidColor">>(blockSteps, (step) => ({ ...block, transformation: [step] })),
  },
} satisfies { readonly "any type": typeof shared } & {
  readonly [Type in PictureLayer]: Record<Exclude<Option<Type>, keyof typeof shared>, readonly Made[]>;
};
