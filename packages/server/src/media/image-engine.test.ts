import { Readable } from "node:stream";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { createImageEngine, type ImageEngine } from "./image-engine.ts";
import type { ImageSource } from "./image-source.ts";

const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: "#c33" } })
  .jpeg()
  .toBuffer();
const source: ImageSource = { size: bytes.length, open: async () => Readable.from([bytes]) };

let engine: ImageEngine;
afterEach(() => engine.close());

test("a stored picture becomes the thumbnail of the name asked for", async () => {
  engine = createImageEngine();
  const request = { source, format: "webp" } as const;
  expect(await engine.thumbnail({ ...request, name: "ik_ml_thumbnail" })).toMatchObject({ width: 400, height: 200 });
  expect(await engine.thumbnail({ ...request, name: "media_library_thumbnail" })).toMatchObject({
    width: 100,
    height: 50,
  });
});

test("beyond the queue it says that it is busy, and sources wait unopened", async () => {
  engine = createImageEngine({ concurrency: 1, queueLimit: 1 });
  const gate = Promise.withResolvers<void>();
  let opened = 0;
  const slow: ImageSource = {
    size: bytes.length,
    open: async () => {
      opened += 1;
      await gate.promise;
      return Readable.from([bytes]);
    },
  };
  const request = { source: slow, name: "media_library_thumbnail", format: "none" } as const;
  const admitted = [engine.thumbnail(request), engine.thumbnail(request)];
  await expect(engine.thumbnail(request)).rejects.toMatchObject({ code: "EBUSY" });
  expect(opened).toBe(1);
  gate.resolve();
  expect((await Promise.all(admitted)).length).toBe(2);
});

test("a broken source's error is passed on", async () => {
  engine = createImageEngine();
  const broken: ImageSource = { size: 10, open: () => Promise.reject(new Error("no such blob")) };
  await expect(engine.thumbnail({ source: broken, name: "ik_ml_thumbnail", format: "none" })).rejects.toThrow(
    "no such blob",
  );
});
