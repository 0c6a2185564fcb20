import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { afterEach, describe, expect, test, vi } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import type { ImageEngine } from "../image/image-engine.ts";
import { WorkClock } from "../image/pixels/work-clock.ts";
import { MediaError } from "../media-error.ts";
import { type InjectedModels, injectedModels, openImages, openTestProcesses } from "../testing/open-images.ts";
import { type DetectRequest, PictureSearches } from "./picture-searches.ts";

const never = new AbortController().signal;
const wide = await sharp({ create: { width: 800, height: 200, channels: 4, background: "#f00" } })
  .png()
  .toBuffer();

let images: ImageEngine | undefined;
afterEach(() => images?.close());

function asked(bytes: Buffer, request: Partial<DetectRequest> = {}): DetectRequest {
  const source = { size: bytes.length, open: async () => Readable.from([bytes]) };
  return { source, content: "blob", detection: "faces", clock: new WorkClock(), onLate, signal: never, ...request };
}

function onLate(): never {
  throw new Error("called late");
}

test("the face model sees the picture in its proportions, the object model a square", async () => {
  const models = injectedModels();
  images = openImages({ models });
  models.found.faces = [{ name: "face", left: 0.25, top: 0, width: 0.5, height: 1 }];
  models.found.objects = [{ name: "trafficLight", left: 0, top: 0, width: 1, height: 1 }];
  expect(await images.detect(asked(wide))).toEqual(models.found.faces);
  expect(await images.detect(asked(wide, { detection: "objects" }))).toEqual(models.found.objects);
  expect(models.searched).toEqual(["faces 640x160", "objects 512x512"]);
});

test("equal searches at the same time are one, and other pages are others", async () => {
  const models = injectedModels();
  images = openImages({ models });
  const find = (request?: Partial<DetectRequest>) => images?.detect(asked(wide, request));
  await Promise.all([find(), find(), find({ content: "other" }), find({ page: 1 })]);
  expect(models.searched.length).toBe(3);
  // The layers that are chosen count as well, so those of a file that has none are refused.
  const [whole, chosen] = await Promise.allSettled([find(), find({ layers: { names: ["a"] } })]);
  expect([whole.status, chosen.status]).toEqual(["fulfilled", "rejected"]);
});

test("without the models a search is refused before the picture is read, and says what to install", async () => {
  images = openImages();
  const source = { size: 1, open: () => Promise.reject(new Error("read")) };
  const refusal = await images.detect(asked(wide, { source })).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: "EDETECTOR", message: expect.stringContaining("@sluice/auto-tagging") });
});

test("a picture beyond the limits reaches no model", async () => {
  const models = injectedModels();
  images = openImages({ limits: { imagePixels: 1000 }, models });
  await expect(images.detect(asked(wide))).rejects.toThrow(MediaError);
  await expect(images.detect(asked(Buffer.from("no picture")))).rejects.toThrow(MediaError);
  expect(models.searched).toEqual([]);
});

describe("the time of the rendering for which a picture is searched", () => {
  const maxMs = 60_000;

  /** Searches whose small pictures take no time, so that nothing but the models' time counts. */
  function searchesOf(models: InjectedModels): PictureSearches {
    const render = async () => ({ data: wide });
    return new PictureSearches({ render, processes: openTestProcesses(defaultLimits, 2, models), maxMs });
  }

  function spent(milliseconds: number): WorkClock {
    const clock = new WorkClock();
    clock.add(milliseconds);
    return clock;
  }

  test("counts what each of those who share a search waits for it", async () => {
    const models = injectedModels();
    const look = Promise.withResolvers<void>();
    models.busy = look.promise;
    const searches = searchesOf(models);
    const [first, second] = [spent(0), spent(1000)];
    const began = searches.detect(asked(wide, { clock: first }));
    await vi.waitFor(() => expect(models.searched.length).toBe(1));
    await setTimeout(50);
    const joined = searches.detect(asked(wide, { clock: second }));
    await setTimeout(50);
    look.resolve();
    await Promise.all([began, joined]);
    expect(models.searched.length).toBe(1);
    expect(second.ms - 1000).toBeGreaterThan(40);
    expect(first.ms - (second.ms - 1000)).toBeGreaterThan(40);
  });

  test("doesn't count the wait for a turn", async () => {
    const models = injectedModels();
    models.busy = setTimeout(400);
    const searches = searchesOf(models);
    const [first, second] = [spent(0), spent(maxMs - 300)];
    await Promise.all([
      searches.detect(asked(wide, { clock: first })),
      searches.detect(asked(wide, { clock: second, content: "other" })),
    ]);
    expect(second.ms - (maxMs - 300)).toBeLessThan(first.ms / 2);
  });

  test("ends for one, while the search goes on for itself and for the others", async () => {
    const models = injectedModels();
    const searches = searchesOf(models);
    const late = Promise.withResolvers<MediaError>();
    models.busy = late.promise;
    const found = [spent(maxMs - 50), spent(0)].map((clock, index) =>
      searches.detect(asked(wide, { clock, ...(index === 0 && { onLate: late.resolve }) })),
    );
    expect(await late.promise).toMatchObject({ code: "ETIME" });
    expect(await Promise.all(found)).toEqual([[], []]);
    expect(models.searched.length).toBe(1);
  });

  test("is up before a search begins", async () => {
    const models = injectedModels();
    const refused = searchesOf(models).detect(asked(wide, { clock: spent(maxMs) }));
    await expect(refused).rejects.toMatchObject({ code: "ETIME" });
    expect(models.searched).toEqual([]);
  });

  test("is no longer watched once the search has ended, also when it fails or its caller leaves", async () => {
    const leftMs = 500;
    const models = injectedModels();
    const searches = searchesOf(models);
    const failing = Promise.withResolvers<never>();
    models.busy = failing.promise;
    const failed = searches.detect(asked(wide, { clock: spent(maxMs - leftMs) }));
    await vi.waitFor(() => expect(models.searched.length).toBe(1));
    failing.reject(new Error("failed"));
    await expect(failed).rejects.toThrow("failed");
    models.busy = setTimeout(leftMs + 200);
    const leaving = new AbortController();
    const left = searches.detect(asked(wide, { clock: spent(maxMs - leftMs), signal: leaving.signal }));
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    // Whoever comes now begins anew, and takes longer than those before had left.
    expect(await searches.detect(asked(wide, { clock: spent(0) }))).toEqual([]);
  });
});
