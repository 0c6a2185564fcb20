import { buildSrc, buildTransformationString, type SrcOptions, type Transformation } from "@imagekit/javascript";
import ImageKit from "@imagekit/nodejs";
import { parseTransformation } from "@sluice/grammar";
import { describe, expect, test } from "vitest";
import { parseDeliveryUrl } from "./delivery-url.ts";

type Overlay = NonNullable<Transformation["overlay"]>;
type Plain = Required<Omit<Transformation, "overlay">>;

const prompt = `prompte-${encodeURIComponent("c25vdyByb2Fk")}`;

/** Values for every option of a step. An option that the SDK adds makes the type check fail. */
const options = {
  width: [300, 0.4, "iw_div_2", "auto"],
  height: [200, 0.5, "ih_mul_0.5"],
  aspectRatio: ["4:3", "4_3", "iar_div_2", 1.5],
  background: ["red", "F3F3F3", "AAFF0010", "blurred", "blurred_25_N15", "dominant", "gradient_dominant_4"],
  border: ["5_FFF000", "ih_div_20_FF00FF"],
  crop: ["force", "at_max", "at_max_enlarge", "at_least", "maintain_ratio", "maintain_ratio_no_enlarge"],
  cropMode: ["pad_resize", "extract", "pad_extract", "pad_resize_no_enlarge", "pad_extract_no_shrink"],
  dpr: [2, 0.1, "auto"],
  focus: ["center", "top_left", "auto", "face", "custom", "person", "trafficLight_car"],
  quality: [80],
  x: [10, "iw_div_2"],
  xCenter: [10, "iw_div_2"],
  y: [10, "ih_div_2"],
  yCenter: [10, "ih_div_2"],
  format: ["auto", "webp", "jpg", "jpeg", "png", "gif", "svg", "mp4", "webm", "avif", "orig"],
  videoCodec: ["h264", "vp9", "av1", "none"],
  audioCodec: ["aac", "opus", "none"],
  radius: [20, "max", "10_20_30_40"],
  rotation: [90, "N40", "auto"],
  blur: [10],
  named: ["some_name"],
  defaultImage: ["/folder/image.jpg/", "my image.jpg"],
  flip: ["h", "v", "h_v", "v_h"],
  original: [true, false],
  startOffset: [5, "10.5", "idu_div_2"],
  endOffset: [5, "10.5"],
  duration: [5, "10.5"],
  streamingResolutions: [["240", "360", "480", "720", "1080", "1440", "2160"]],
  grayscale: [true],
  aiUpscale: [true],
  aiRetouch: [true],
  aiVariation: [true],
  aiDropShadow: [true, "az-45"],
  aiChangeBackground: ["prompt-snow road", prompt],
  aiEdit: ["prompt-snow road", prompt],
  aiRemoveBackground: [true],
  aiRemoveBackgroundExternal: [true],
  contrastStretch: [true],
  shadow: [true, "bl-15_st-40_x-10_y-N5"],
  sharpen: [true, 10],
  unsharpMask: [true, "2-2-0.8-0.024"],
  gradient: [true, "from-red_to-white"],
  colorReplace: ["red", "red_20", "FF0022_20_blue"],
  colorize: ["co-red_in-20"],
  distort: ["p-0_0_90_10_100_100_0_80", "a-N45"],
  progressive: [true, false],
  lossless: [true, false],
  colorProfile: [true, false],
  metadata: [true, false],
  density: [300, "idn_div_2"],
  opacity: [50],
  trim: [true, 10],
  zoom: [0.5, 2],
  page: [2, "3-4", "name-layer-4"],
  raw: ["w-20,bl-3:rt-90"],
} satisfies { readonly [Option in keyof Plain]: readonly Plain[Option][] };

type OverlayType = Overlay["type"];

/** Overlays of every type, with every option of that type. */
const overlays = {
  text: [
    { text: "Manu" },
    { text: "Let's use ©, ®, ™, etc" },
    { text: "100% हिन्दी: a/b, c", encoding: "plain" },
    { text: "a b", encoding: "base64" },
    {
      text: "a",
      transformation: [
        {
          width: "bw_mul_0.5",
          fontSize: 20,
          fontFamily: "/fonts/Poppins Regular.ttf",
          fontColor: "FFAABB50",
          innerAlignment: "left",
          padding: "10_bw_div_20",
          alpha: 5,
          typography: "b_i_strikethrough",
          lineHeight: "bh_div_9",
          background: "red",
          radius: "max",
          rotation: "N10",
          flip: "h_v",
        },
      ],
    },
  ],
  image: [
    { input: "/customer_logo/nykaa.png" },
    { input: "/customer_logo/Ñykaa.png" },
    { input: "a b/c.png", encoding: "plain" },
    { input: "a b/c.png", encoding: "base64" },
    { input: "a.png", layerMode: "displace", position: { x: 10, y: "bh_sub_ch" } },
    { input: "a.png", position: { xCenter: "bw_div_2", yCenter: "N20", anchorPoint: "top_right" } },
    { input: "a.png", position: { focus: "bottom_left" }, timing: { start: 1, duration: "bdu_sub_2" } },
    { input: "a.png", transformation: [{ width: "bw_mul_0.5", trim: false as unknown as true }, { rotation: 90 }] },
    { input: "a.png", transformation: [{ overlay: { type: "text", text: "inner", position: { x: 5 } } }] },
  ],
  video: [{ input: "a.mp4", transformation: [{ startOffset: 2, width: 200 }], timing: { start: 2, end: "20.50" } }],
  subtitle: [
    {
      input: "a.srt",
      transformation: [
        {
          background: "red",
          color: "A1CCDD",
          fontFamily: "Roboto",
          fontOutline: "2_A1CCDD50",
          fontShadow: "blue_2",
          fontSize: 20,
          typography: "b_i",
        },
      ],
    },
  ],
  solidColor: [
    { color: "FF0000", layerMode: "cutter" },
    { color: "red", transformation: [{ width: "bw_div_2", height: 20, radius: "max", alpha: 4, background: "blue" }] },
    { color: "red", transformation: [{ gradient: true }, { gradient: "from-red_to-white" }] },
  ],
} satisfies { readonly [Type in OverlayType]: readonly Omit<Extract<Overlay, { type: Type }>, "type">[] };

const steps: Transformation[] = [
  ...Object.entries(options).flatMap(([option, values]) => values.map((value) => ({ [option]: value }))),
  ...Object.entries(overlays).flatMap(([type, all]) =>
    all.map((overlay) => ({ overlay: { type, ...overlay } as Overlay })),
  ),
];

const endpoint = "https://ik.example/demo/";
const node = new ImageKit({ privateKey: "private_x" });
const builders = {
  "@imagekit/javascript": (source: SrcOptions) => buildSrc(source),
  "@imagekit/nodejs": (source: SrcOptions) =>
    node.helper.buildSrc(source as Parameters<typeof node.helper.buildSrc>[0]),
  "@imagekit/nodejs, signed": (source: SrcOptions) =>
    node.helper.buildSrc({ ...source, signed: true } as Parameters<typeof node.helper.buildSrc>[0]),
};

describe.each(Object.entries(builders))("%s builds what is read", (_, build) => {
  // The server SDK has no `density` option: it would send the option's name as the key.
  const offered = steps.filter((step) => build === builders["@imagekit/javascript"] || !("density" in step));
  test.each(offered.map((step) => [JSON.stringify(step), step] as const))("%s", (_text, step) => {
    const alone = parseTransformation(buildTransformationString([step]));
    expect(alone.steps.length).toBeGreaterThan(0);
    for (const transformationPosition of ["path", "query"] as const) {
      const url = build({
        urlEndpoint: endpoint,
        src: "/folder/a.jpg",
        transformation: [step, { height: 77 }],
        transformationPosition,
        queryParameters: { v: "1,2" },
      });
      const target = parseDeliveryUrl(url.slice(endpoint.length));
      expect(target.segments).toEqual(["folder", "a.jpg"]);
      expect(target.transformations).toHaveLength(1);
      const [last, ...before] = parseTransformation(target.transformations).steps.toReversed();
      expect(last).toMatchObject({ parameters: { h: { pixels: 77 } } });
      expect(before.toReversed()).toEqual(alone.steps);
    }
  });
});
