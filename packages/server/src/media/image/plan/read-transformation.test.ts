import { parseTransformation, TransformationError } from "@sluice/grammar";
import { expect, test } from "vitest";
import type { ImageTransformation } from "./plan.ts";
import { readTransformation } from "./read-transformation.ts";

const read = (text: string): ImageTransformation => readTransformation(parseTransformation(text));
const red = { r: 255, g: 0, b: 0, alpha: 1 };

test.each<[string, ImageTransformation["steps"][number]]>([
  ["w-300", { size: { width: 300 } }],
  ["w-0.5,h-100,dpr-2", { size: { width: 0.5, height: 100, dpr: 2 } }],
  ["w-auto,dpr-auto", { size: { width: "auto", dpr: "auto" } }],
  ["h-10,ar-4-2", { size: { height: 10, aspectRatio: 2 } }],
  ["c-at_max", { size: {}, mode: "at_max" }],
  ["c-at_max,cm-extract,x-1,yc-2", { size: {}, mode: "extract", x: 1, yc: 2 }],
  ["fo-top_right", { size: {}, focus: { kind: "anchor", anchor: { x: 1, y: 0 } } }],
  ["fo-auto", { size: {}, focus: { kind: "saliency" } }],
  ["fo-custom", { size: {}, focus: { kind: "custom", otherwise: "centre" } }],
  ["fo-face,z-0.5", { size: {}, focus: { kind: "face" }, zoom: 0.5 }],
  ["fo-car_trafficLight", { size: {}, focus: { kind: "objects", objects: ["car", "trafficLight"] } }],
  ["fo-auto-custom_override", { size: {}, focus: { kind: "custom", otherwise: "saliency" } }],
  ["t-true", { size: {}, trim: 10 }],
  ["t-", { size: {}, trim: 10 }],
  ["t-25", { size: {}, trim: 25 }],
  ["t-false", { size: {} }],
  ["bg-FF000050", { size: {}, background: { kind: "colour", colour: { ...red, alpha: 0.5 } } }],
  ["bg-Red", { size: {}, background: { kind: "colour", colour: red } }],
  ["bg-blurred_10_N20", { size: {}, background: { kind: "blurred", intensity: 10, brightness: -20 } }],
  ["bg-dominant", { size: {}, background: { kind: "dominant", colours: 1 } }],
  ["bg-gradient_dominant_4", { size: {}, background: { kind: "dominant", colours: 4 } }],
  ["e-contrast,e-grayscale,bl-5", { size: {}, contrast: true, grayscale: true, blur: 5 }],
  ["e-sharpen,e-usm-1-2-3-0.1", { size: {}, sharpen: 50, unsharp: { sigma: 2, amount: 3, threshold: 0.1 } }],
  ["e-shadow-bl-3_y-N2", { size: {}, shadow: { blur: 3, opacity: 30, x: 2, y: -2 } }],
  ["e-colorize-co-FF000050_in-50", { size: {}, colorize: { colour: { r: 255, g: 0, b: 0 }, share: 0.25 } }],
  ["cr-red", { size: {}, colourReplacement: { to: red, tolerance: 35, from: undefined } }],
  ["e-distort-a-N20", { size: {}, distortion: { kind: "arc", degrees: -20 } }],
  ["fl-h", { size: {}, flip: { horizontal: true, vertical: false } }],
  ["fl-v", { size: {}, flip: { horizontal: false, vertical: true } }],
  ["fl-v_h", { size: {}, flip: { horizontal: true, vertical: true } }],
  ["rt-N90", { size: {}, rotation: 270 }],
  ["b-5_FF0000", { size: {}, border: { width: 5, colour: red } }],
  ["r-max", { size: {}, radius: ["max", "max", "max", "max"] }],
  ["r-1_2_max_4,o-20", { size: {}, radius: [1, 2, "max", 4], opacity: 20 }],
  ["z-2,vc-h264,so-5,c2pa-true", { size: {} }],
])("%s", (text, step) => {
  const { steps, output } = read(text);
  expect(steps).toEqual([step]);
  expect(output).toEqual({});
});

test("how the output is written is said once for all steps, by the last one that says it", () => {
  expect(read("q-10,f-png,pr-true:w-1,q-20,lo-true:cp-true,md-true,dn-300").output).toEqual({
    quality: 20,
    format: "png",
    progressive: true,
    lossless: true,
    keepProfile: true,
    keepMetadata: true,
    density: 300,
  });
  expect(read("f-jpg").output).toEqual({ format: "jpeg" });
  expect(read("f-mp4").output).toEqual({});
});

test("which page is read and whether it is turned upright concerns the source", () => {
  expect(read("w-1:pg-3,rt-auto")).toMatchObject({ page: 3, autoOrient: true });
  expect(read("w-1")).not.toHaveProperty("page");
  expect(read("w-1")).not.toHaveProperty("autoOrient");
});

test.each([
  ["if-h_gt_100,orig-true,if-end", "orig"],
  ["t-true:if-h_gt_100,w-1,if-else,md-true,if-end", "md"],
  ["if-h_gt_100,t-true,if-end:if-h_gt_100,cp-true,if-end", "cp"],
])("%s is refused, since no condition can decide %s", (text, key) => {
  expect(() => read(text)).toThrow(new TransformationError("UNKNOWN_PARAMETER", key));
});

test("what a condition says of the output counts unless a later step says something else", () => {
  const { steps, output } = read("q-10:if-w_gt_2,q-20,f-png,if-else,lo-true,if-end:f-jpg,w-3");
  expect(output).toEqual({ quality: 10, format: "jpeg" });
  expect(steps[1]).toMatchObject({ whenTrue: { output: { quality: 20 } }, whenFalse: { output: { lossless: true } } });
  expect(steps[1]).not.toHaveProperty("whenTrue.output.format");
});

test("steps with arithmetic are known but for it", () => {
  const [step] = read("w-iw_div_2,h-3,bl-5").steps;
  expect(step).toMatchObject({ kind: "arithmetic", known: { size: { height: 3 }, blur: 5 } });
});

test.each([
  ["l-text,i-Hello:if-w_gt_3,co-red,if-end,l-end", "Unsupported transformation parameter: co"],
  ["e-bgremove", "AI transformation not available"],
  ["bg-genfill", "AI transformation not available"],
])("%s isn't built yet", (text, message) => {
  expect(() => read(text)).toThrow(TransformationError);
  expect(() => read(text)).toThrow(message);
});
