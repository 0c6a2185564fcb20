import { Readable } from "node:stream";
import sharp, { type Sharp } from "sharp";
import { afterAll, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { createImageEngine } from "../../media/image/image-engine.ts";
import { ExtensionFailure, type ExtensionTask } from "../provider.ts";
import { autoTagging } from "./auto-tagging-provider.ts";

const images = createImageEngine({ limits: defaultLimits });
afterAll(() => images.close());

const never = new AbortController().signal;

function taskFor(bytes: Buffer, file: Partial<AssetRow> = {}): ExtensionTask {
  return {
    runId: "run",
    extension: { name: "google-auto-tagging", options: { minConfidence: 50, maxTags: 1 } },
    asset: { file_type: "image", size: bytes.length, ...file } as AssetRow,
    awaited: true,
    endpoint: { publicUrl: "https://files.example", imagekitId: "demo" },
    read: async () => Readable.from([bytes]),
  };
}

test("the model is given the whole picture, squeezed and without its transparency, and its surest tags are kept", async () => {
  const red = { create: { width: 40, height: 10, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } } as const;
  const seen: Uint8Array[] = [];
  const provider = autoTagging(
    { images },
    {
      async tag(pixels) {
        seen.push(pixels);
        return [
          { name: "Cat", confidence: 80 },
          { name: "Dog", confidence: 70 },
          { name: "Cow", confidence: 10 },
        ];
      },
    },
  );
  const result = await provider.run(taskFor(await sharp(red).png().toBuffer()), async (given) => given, never);
  expect(result).toEqual({ aiTags: [{ name: "Cat", confidence: 80 }] });
  expect(seen[0]?.length).toBe(512 * 512 * 3);
  expect([...(seen[0]?.subarray(0, 3) ?? [])]).toEqual([255, 255, 255]);
});

test("the model sees each colour as it is, however many there are", async () => {
  const raw = { width: 512, height: 512, channels: 3 } as const;
  const colours = Buffer.alloc(512 * 512 * 3);
  for (let pixel = 0; pixel < 512 * 512; pixel += 1) colours.writeUIntBE(pixel, pixel * 3, 3);
  let seen: Uint8Array = Buffer.alloc(0);
  const tag = async (pixels: Uint8Array) => {
    seen = pixels;
    return [];
  };
  const bytes = await sharp(colours, { raw }).png().toBuffer();
  await autoTagging({ images }, { tag }).run(taskFor(bytes), async () => undefined, never);
  expect(colours.equals(seen)).toBe(true);
});

test.each<[string, (picture: Sharp) => Sharp]>([
  ["grey", (picture) => picture.toColourspace("b-w").png()],
  ["grey and partly transparent", (picture) => picture.ensureAlpha(0.5).toColourspace("b-w").png()],
  ["of 16 bits", (picture) => picture.toColourspace("rgb16").png()],
  ["for print", (picture) => picture.toColourspace("cmyk").jpeg()],
  ["of few colours", (picture) => picture.png({ palette: true })],
])("the model sees three colours of each pixel of a picture that is %s", async (_what, encode) => {
  let seen = 0;
  const provider = autoTagging(
    { images },
    {
      async tag(pixels) {
        seen = pixels.length;
        return [];
      },
    },
  );
  const plain = sharp({ create: { width: 4, height: 4, channels: 3, background: "grey" } });
  await provider.run(taskFor(await encode(plain).toBuffer()), async () => undefined, never);
  expect(seen).toBe(512 * 512 * 3);
});

test("an answer waits behind a few others alone, a job behind all", async () => {
  const first = Promise.withResolvers<void>();
  const provider = autoTagging({ images }, { tag: () => first.promise.then(() => []) });
  const bytes = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const run = (task: ExtensionTask) => provider.run(task, async () => "done", never);
  const waiting = Array.from({ length: 4 }, () => run(taskFor(bytes)));
  await expect(run(taskFor(bytes))).rejects.toThrow("too many");
  const job = run({ ...taskFor(bytes), awaited: false });
  first.resolve();
  expect(await Promise.all([...waiting, job])).toEqual(Array(5).fill("done"));
});

test("what is no image, and what can't be read as one, is a failure for good", async () => {
  const provider = autoTagging({ images }, { tag: () => Promise.reject(new Error("not needed")) });
  const run = (task: ExtensionTask) => provider.run(task, async () => undefined, never);
  await expect(run(taskFor(Buffer.from("text"), { file_type: "non-image" }))).rejects.toThrow(ExtensionFailure);
  await expect(run(taskFor(Buffer.from("no picture at all")))).rejects.toThrow(ExtensionFailure);
});
