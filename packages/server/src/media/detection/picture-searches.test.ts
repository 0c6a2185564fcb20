import { Readable } from "node:stream";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { createImageEngine, type ImageEngine } from "../image/image-engine.ts";
import { MediaError } from "../media-error.ts";
import { openDetector } from "./detector.ts";
import type { DetectRequest } from "./picture-searches.ts";
import { injectedDetector } from "./testing/injected-detector.ts";

const never = new AbortController().signal;
const wide = await sharp({ create: { width: 800, height: 200, channels: 4, background: "#f00" } })
  .png()
  .toBuffer();

let images: ImageEngine | undefined;
afterEach(() => images?.close());

function asked(bytes: Buffer, request: Partial<DetectRequest> = {}): DetectRequest {
  const source = { size: bytes.length, open: async () => Readable.from([bytes]) };
  return { source, content: "blob", detection: "faces", signal: never, ...request };
}

test("the face model sees the picture in its proportions, the object model a square, and places are fractions", async () => {
  const detector = injectedDetector();
  images = createImageEngine({ limits: defaultLimits, detector });
  detector.found = {
    faces: [{ confidence: 0.9, left: 0.1234567, top: 0, width: 0.5, height: 1 }],
    objects: [{ name: "Traffic light", confidence: 0.9, left: 0, top: 0, width: 1, height: 1 }],
  };
  expect(await images.detect(asked(wide))).toEqual([{ name: "face", left: 0.12346, top: 0, width: 0.5, height: 1 }]);
  expect(await images.detect(asked(wide, { detection: "objects" }))).toEqual([
    { name: "trafficLight", left: 0, top: 0, width: 1, height: 1 },
  ]);
  expect(detector.searched).toEqual(["faces 640x160", `objects ${512 * 512 * 3}`]);
});

test("equal searches at the same time are one, and other pages are others", async () => {
  const detector = injectedDetector();
  images = createImageEngine({ limits: defaultLimits, detector });
  const find = (request?: Partial<DetectRequest>) => images?.detect(asked(wide, request));
  await Promise.all([find(), find(), find({ content: "other" }), find({ page: 1 })]);
  expect(detector.searched.length).toBe(3);
  // The layers that are chosen count as well, so those of a file that has none are refused.
  const [whole, chosen] = await Promise.allSettled([find(), find({ layers: { names: ["a"] } })]);
  expect([whole.status, chosen.status]).toEqual(["fulfilled", "rejected"]);
});

test("without the models a search is refused before the picture is read, and says what to install", async () => {
  images = createImageEngine({ limits: defaultLimits, detector: openDetector(false) });
  const source = { size: 1, open: () => Promise.reject(new Error("read")) };
  const refusal = await images.detect(asked(wide, { source })).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "EDETECTOR", message: expect.stringContaining("@sluice/auto-tagging") });
});

test("a picture beyond the limits reaches no model", async () => {
  const detector = injectedDetector();
  images = createImageEngine({ limits: { ...defaultLimits, imagePixels: 1000 }, detector });
  await expect(images.detect(asked(wide))).rejects.toThrow(MediaError);
  await expect(images.detect(asked(Buffer.from("no picture")))).rejects.toThrow(MediaError);
  expect(detector.searched).toEqual([]);
});
