import { randomFillSync } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Readable } from "node:stream";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import { animation, green, red, renderContext } from "../testing/pictures.ts";
import { createImageEngine, type ImageEngine, type RenderRequest } from "./image-engine.ts";
import type { ImageSource } from "./image-source.ts";
import { WorkClock } from "./pixels/work-clock.ts";

const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: "#c33" } })
  .jpeg()
  .toBuffer();
const source: ImageSource = { size: bytes.length, open: async () => Readable.from([bytes]) };
const forever = new AbortController().signal;
let keys = 0;

function request(wanted: Partial<RenderRequest> = {}): RenderRequest {
  keys += 1;
  const transformation = { steps: [{ size: { width: 100 } }], output: {} };
  return { source, transformation, context: renderContext, key: String(keys), signal: forever, ...wanted };
}

/** A source that opens only when told to. */
function gated(): { source: ImageSource; open: () => void; opened: () => number } {
  const gate = Promise.withResolvers<void>();
  let opened = 0;
  return {
    open: gate.resolve,
    opened: () => opened,
    source: {
      size: bytes.length,
      open: async () => {
        opened += 1;
        await gate.promise;
        return Readable.from([bytes]);
      },
    },
  };
}

let engine: ImageEngine;
afterEach(() => engine.close());

test("a stored picture becomes what is asked for", async () => {
  engine = createImageEngine({ limits: defaultLimits });
  expect(await engine.render(request())).toMatchObject({ width: 100, height: 50, contentType: "image/jpeg" });
});

test("beyond the queue it says that it is busy, and sources wait unopened", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imagesWaiting: 1 }, concurrency: 1 });
  const slow = gated();
  const admitted = [engine.render(request(slow)), engine.render(request(slow))];
  await expect(engine.render(request(slow))).rejects.toMatchObject({ code: "EBUSY" });
  expect(slow.opened()).toBe(1);
  slow.open();
  expect((await Promise.all(admitted)).length).toBe(2);
});

test("those who ask for the same share one rendering", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imagesWaiting: 0 }, concurrency: 1 });
  const slow = gated();
  const together = [1, 2, 3].map(() => engine.render(request({ ...slow, key: "same" })));
  slow.open();
  expect(new Set(await Promise.all(together)).size).toBe(1);
  expect(slow.opened()).toBe(1);
});

test("whoever goes away leaves the queue, unless somebody else waits for the same", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imagesWaiting: 1 }, concurrency: 1 });
  const [slow, waiting] = [gated(), gated()];
  const running = engine.render(request(slow));
  const leaving = new AbortController();
  const left = engine.render(request({ ...waiting, signal: leaving.signal }));
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  const next = engine.render(request());
  slow.open();
  expect(await Promise.all([running, next])).toHaveLength(2);
  expect(waiting.opened()).toBe(0);
});

test("a picture that nobody waits for any more leaves its place and its memory at once, also while it is encoded", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imagesMemoryBytes: 1 }, concurrency: 1 });
  const [width, height] = [600, 415];
  const pixels = randomFillSync(Buffer.alloc(width * height * 3));
  const noise = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const encoding = Promise.withResolvers<void>();
  const note = (): void => encoding.resolve();
  subscribe("child_process", note);
  try {
    const leaving = new AbortController();
    // Its encoder takes seconds.
    const left = engine.render(
      request({
        source: { size: noise.length, open: async () => Readable.from([noise]) },
        transformation: { steps: [], output: { format: "avif" } },
        signal: leaving.signal,
      }),
    );
    await encoding.promise;
    const next = engine.render(request());
    const before = performance.now();
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await next;
    expect(performance.now() - before).toBeLessThan(1500);
  } finally {
    unsubscribe("child_process", note);
  }
});

test("whoever waits for a picture that takes too long hears so in time, while native work keeps its place", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imageMs: 50, imagesWaiting: 0 }, concurrency: 1 });
  const large = await sharp({ create: { width: 5000, height: 4000, channels: 3, background: "#c33" } })
    .jpeg()
    .toBuffer();
  const blurred = { steps: [{ blur: 100 }], output: {} };
  const slow = { size: large.length, open: async () => Readable.from([large]) };
  const late = engine.render(request({ source: slow, transformation: blurred }));
  await expect(late).rejects.toMatchObject({ name: "MediaError", code: "ETIME" });
  await expect(engine.render(request())).rejects.toMatchObject({ code: "EBUSY" });
});

test("what was spent on a picture before is taken from its time, and its own time is added", async () => {
  engine = createImageEngine({ limits: defaultLimits });
  const clock = new WorkClock();
  await engine.render(request({ clock }));
  expect(clock.ms).toBeGreaterThan(0);
  clock.add(defaultLimits.imageMs);
  await expect(engine.render(request({ clock }))).rejects.toMatchObject({ name: "MediaError", code: "ETIME" });
  const played = await animation([red, green], 9, 9).gif().toBuffer();
  const animated = { size: played.length, open: async () => Readable.from([played]) };
  expect(await engine.render(request({ source: animated, clock }))).toMatchObject({ contentType: "image/gif" });
});

test("those that take more memory than there is are made one after another", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imagesMemoryBytes: 1 }, concurrency: 2 });
  const made = await Promise.all([1, 2, 3].map(() => engine.render(request())));
  expect(made.map(({ width }) => width)).toEqual([100, 100, 100]);
});

test("a source that is too large is refused unopened", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imageBytes: bytes.length - 1 } });
  await expect(engine.render(request())).rejects.toMatchObject({ code: "ELIMIT" });
});

test("a source that is known to have too many frames is refused unopened", async () => {
  engine = createImageEngine({ limits: defaultLimits });
  const { source, opened } = gated();
  await expect(engine.render(request({ source: { ...source, pages: 5001 } }))).rejects.toMatchObject({
    code: "ELIMIT",
  });
  expect(opened()).toBe(0);
});

test("layers that are too large together are refused before anything is opened", async () => {
  engine = createImageEngine({ limits: { ...defaultLimits, imageBytes: 2 * bytes.length - 1 } });
  const { source, opened } = gated();
  const file = { source, area: undefined };
  const layers = new Map([
    ["one.jpg", file],
    ["two.jpg", file],
  ]);
  await expect(engine.render(request({ source, layers }))).rejects.toMatchObject({
    code: "ELIMIT",
    message: `The layers' files have more than ${2 * bytes.length - 1} bytes together`,
  });
  expect(opened()).toBe(0);
});

test("a broken source's error is passed on", async () => {
  engine = createImageEngine({ limits: defaultLimits });
  const broken: ImageSource = { size: 10, open: () => Promise.reject(new Error("no such blob")) };
  await expect(engine.render(request({ source: broken }))).rejects.toThrow("no such blob");
});
