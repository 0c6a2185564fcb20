import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { expect, test } from "vitest";
import {
  animation,
  expectColour,
  green,
  type Pixel,
  plain,
  quadrants,
  readPixels,
  red,
  render,
} from "../../testing/pictures.ts";
import { type AiRequest, aiEffects, isAiEffect } from "../plan/ai-effects.ts";
import { readTransformation } from "../plan/read-transformation.ts";
import type { AskAi } from "./ask-ai.ts";
import type { RenderContext } from "./render-image.ts";

const all = new Set(Object.keys(aiEffects).filter(isAiEffect));
const clear: Pixel = [0, 0, 0, 0];

interface Seen extends AiRequest {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** A model that makes the same picture of everything. */
function model(answer: Buffer): { readonly seen: Seen[]; readonly askAi: AskAi } {
  const seen: Seen[] = [];
  return {
    seen,
    async askAi(request, { width, height, channels }) {
      seen.push({ ...request, width, height, channels });
      return answer;
    },
  };
}

async function pixelsOf(text: string, source: Buffer, askAi: AskAi, context: Partial<RenderContext> = {}) {
  const read = readTransformation(parseTransformation(`${text},f-png,lo-true`), all);
  const { data } = await render(source, read, { ...context, askAi });
  return readPixels(data);
}

const photo = await quadrants(60, 40).png().toBuffer();
/** A green square in the middle of a transparent picture. */
const cutOut = await plain(20, 20, "#1ec81e")
  .extend({ top: 10, bottom: 10, left: 20, right: 20, background: "#00000000" })
  .png()
  .toBuffer();

test("a model gets the picture at the size of its step, and its picture goes on", async () => {
  const { seen, askAi } = model(cutOut);
  const { width, height, at } = await pixelsOf("w-30,e-bgremove,e-grayscale:w-120,bg-1E1EDC", photo, askAi);
  expect(seen).toEqual([{ effect: "e-bgremove", prompt: undefined, width: 30, height: 20, channels: 3 }]);
  expect([width, height]).toEqual([120, 80]);
  const [r, g, b] = at(60, 40);
  expect([r === g, g === b]).toEqual([true, true]);
  expectColour(at(5, 5), [30, 30, 220]);
});

test("a shadow falls from what a model has cut out", async () => {
  const { at } = await pixelsOf("e-bgremove:e-dropshadow-az-0_st-100", photo, model(cutOut).askAi);
  expectColour(at(30, 20), green);
  expectColour(at(30, 34), [0, 0, 0, 255], 30);
  expectColour(at(5, 35), clear);
});

test("a picture that keeps its size is scaled to it, any other is taken as it is", async () => {
  const answer = await plain(7, 5, "#1ec81e").png().toBuffer();
  const sizeOf = async (text: string) => {
    const { width, height } = await pixelsOf(text, photo, model(answer).askAi);
    return [width, height];
  };
  expect(await sizeOf("e-retouch")).toEqual([60, 40]);
  expect(await sizeOf("e-upscale")).toEqual([7, 5]);
  expect(await sizeOf("e-edit-prompt-a hat:w-cw_mul_2")).toEqual([14, 10]);
});

test("several are done one after the other, with their words", async () => {
  const { seen, askAi } = model(cutOut);
  await pixelsOf("e-changebg-prompt-a beach:e-edit-prompte-aMOp", photo, askAi);
  expect(seen.map(({ effect, prompt }) => [effect, prompt])).toEqual([
    ["e-changebg", "a beach"],
    ["e-edit", "hé"],
  ]);
});

test("padding is left empty for the model that fills it, and only for padding it is asked", async () => {
  const { seen, askAi } = model(await plain(60, 60, "#dc1e1e").removeAlpha().png().toBuffer());
  const filled = await pixelsOf("w-60,h-60,cm-pad_resize,bg-genfill-prompt-sky", photo, askAi);
  expect(seen).toEqual([{ effect: "bg-genfill", prompt: "sky", width: 60, height: 60, channels: 4 }]);
  expectColour(filled.at(30, 2), red);
  await pixelsOf("w-30,h-20,cm-pad_resize,bg-genfill", photo, askAi);
  expect(seen).toHaveLength(1);
  await expect(pixelsOf("w-60,bg-genfill", photo, askAi)).rejects.toThrow("bg-genfill needs w, h and cm-pad_resize");
});

test("conditions and layers have their own", async () => {
  const { seen, askAi } = model(cutOut);
  const layers = new Map([["a.png", { bytes: photo, area: undefined }]]);
  const text = "if-w_gt_50,e-retouch,if-else,e-upscale,if-end:l-image,i-a.png,t-false,e-bgremove,l-end";
  const { at } = await pixelsOf(text, photo, askAi, { layers });
  expect(seen.map(({ effect }) => effect)).toEqual(["e-retouch", "e-bgremove"]);
  expectColour(at(30, 20), green);
});

test("what no model takes is refused before one is asked", async () => {
  const { seen, askAi } = model(cutOut);
  const gif = await animation([red, green], 8, 8).gif().toBuffer();
  const read = readTransformation(parseTransformation("e-bgremove"), all);
  await expect(render(gif, read, { askAi })).rejects.toThrow("e-bgremove takes a still picture");
  const large = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  await expect(pixelsOf("e-upscale", large, askAi)).rejects.toThrow(
    "e-upscale takes fewer than 16000000 pixels, not 4000 x 4000",
  );
  expect(() => readTransformation(parseTransformation("e-bgremove,e-upscale"), all)).toThrow(
    "A step takes one AI transformation, chain the others with a colon: e-bgremove, e-upscale",
  );
  expect(() => readTransformation(parseTransformation("e-upscale"), new Set(["e-retouch"]))).toThrow(
    "AI transformation not available",
  );
  expect(seen).toEqual([]);
});
