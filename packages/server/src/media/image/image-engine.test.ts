import { randomFillSync } from "node:crypto";
import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { parseTransformation } from "@sluice/grammar";
import sharp from "sharp";
import { afterEach, expect, test, vi } from "vitest";
import { defaultLimits } from "../../config/limits.ts";
import type { MediaProcesses } from "../processes/media-processes.ts";
import type { RenderTask } from "../processes/tasks.ts";
import { openImages, openTestProcesses } from "../testing/open-images.ts";
import { animation, green, plain, red } from "../testing/pictures.ts";
import { createImageEngine, type ImageEngine, type RenderRequest } from "./image-engine.ts";
import type { ImageSource } from "./image-source.ts";
import { WorkClock } from "./pixels/work-clock.ts";
import { ownContext } from "./plan/own-context.ts";
import { readTransformation } from "./plan/read-transformation.ts";

const bytes = await sharp({ create: { width: 600, height: 300, channels: 3, background: "#c33" } })
  .jpeg()
  .toBuffer();
const source: ImageSource = { size: bytes.length, open: async () => Readable.from([bytes]) };
const forever = new AbortController().signal;
let keys = 0;

const read = (text: string) => readTransformation(parseTransformation(text));

function request(wanted: Partial<RenderRequest> = {}): RenderRequest {
  keys += 1;
  return { source, transformation: read("w-100"), context: ownContext, key: String(keys), signal: forever, ...wanted };
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
  engine = openImages();
  expect(await engine.render(request())).toMatchObject({ width: 100, height: 50, contentType: "image/jpeg" });
});

test("beyond the queue it says that it is busy, and sources wait unopened", async () => {
  engine = openImages({ limits: { imagesWaiting: 1 }, concurrency: 1 });
  const slow = gated();
  const admitted = [engine.render(request(slow)), engine.render(request(slow))];
  await expect(engine.render(request(slow))).rejects.toMatchObject({ code: "EBUSY" });
  expect(slow.opened()).toBe(1);
  slow.open();
  expect((await Promise.all(admitted)).length).toBe(2);
});

test("those who ask for the same share one rendering", async () => {
  engine = openImages({ limits: { imagesWaiting: 0 }, concurrency: 1 });
  const slow = gated();
  const together = [1, 2, 3].map(() => engine.render(request({ ...slow, key: "same" })));
  slow.open();
  expect(new Set(await Promise.all(together)).size).toBe(1);
  expect(slow.opened()).toBe(1);
});

test("whoever goes away leaves the queue, unless somebody else waits for the same", async () => {
  engine = openImages({ limits: { imagesWaiting: 1 }, concurrency: 1 });
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
  engine = openImages({ limits: { imagesMemoryBytes: 1 }, concurrency: 1 });
  const [width, height] = [600, 415];
  const pixels = randomFillSync(Buffer.alloc(width * height * 3));
  const noise = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  // The process is there before time counts.
  await engine.render(request());
  const leaving = new AbortController();
  // Its encoder takes seconds.
  const left = engine.render(
    request({
      source: { size: noise.length, open: async () => Readable.from([noise]) },
      transformation: read("f-avif"),
      signal: leaving.signal,
    }),
  );
  await setTimeout(500);
  const opened = Promise.withResolvers<number>();
  const open = async () => {
    opened.resolve(performance.now());
    return Readable.from([bytes]);
  };
  const next = engine.render(request({ source: { ...source, open } }));
  const before = performance.now();
  leaving.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  expect((await opened.promise) - before).toBeLessThan(1000);
  expect(await next).toMatchObject({ width: 100 });
});

test("whoever waits for a picture that takes too long hears so in time, and its place is free", async () => {
  engine = openImages({ limits: { imageMs: 200, imagesWaiting: 0 }, concurrency: 1 });
  const large = await plain(5000, 4000, "#c33").jpeg().toBuffer();
  const slow = { size: large.length, open: async () => Readable.from([large]) };
  const late = engine.render(request({ source: slow, transformation: read("bl-100") }));
  const refusal = await late.catch((error: unknown) => error);
  // On a busy machine the picture isn't to blame for the time.
  expect(refusal).toMatchObject({ name: "MediaError", code: expect.stringMatching(/^(ETIME|EBUSY)$/) });
  await engine.assertRoom();
});

test("what was spent on a picture before is taken from its time, and its own time is added", async () => {
  engine = openImages();
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
  engine = openImages({ limits: { imagesMemoryBytes: 1 }, concurrency: 2 });
  const made = await Promise.all([1, 2, 3].map(() => engine.render(request())));
  expect(made.map(({ width }) => width)).toEqual([100, 100, 100]);
});

test("a source that is too large is refused unopened", async () => {
  engine = openImages({ limits: { imageBytes: bytes.length - 1 } });
  await expect(engine.render(request())).rejects.toMatchObject({ code: "ELIMIT" });
});

test("a source that is known to have too many frames is refused unopened", async () => {
  engine = openImages();
  const { source, opened } = gated();
  await expect(engine.render(request({ source: { ...source, pages: 5001 } }))).rejects.toMatchObject({
    code: "ELIMIT",
  });
  expect(opened()).toBe(0);
});

test("layers that are too large together are refused before anything is opened", async () => {
  engine = openImages({ limits: { imageBytes: 2 * bytes.length - 1 } });
  const { source, opened } = gated();
  const file = { source, content: "file", area: undefined };
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
  engine = openImages();
  const broken: ImageSource = { size: 10, open: () => Promise.reject(new Error("no such blob")) };
  await expect(engine.render(request({ source: broken }))).rejects.toThrow("no such blob");
});

test("a file of this machine is read where it is decoded, and is refused once it has another size", async () => {
  engine = openImages();
  const folder = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  const path = join(folder, "picture");
  const closed = () => Promise.reject(new Error("opened here"));
  try {
    await writeFile(path, bytes);
    const file = { size: bytes.length, path, open: closed };
    expect(await engine.render(request({ source: file }))).toMatchObject({ width: 100, height: 50 });
    await expect(engine.render(request({ source: { ...file, size: bytes.length + 1 } }))).rejects.toThrow(
      "A stored image has another size than its record says",
    );
    await expect(engine.render(request({ source: { ...file, path: join(folder, "gone") } }))).rejects.toMatchObject({
      name: "StorageError",
      code: "BLOB_MISSING",
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("bytes that were read for a picture are kept by its source once nobody else reads them", async () => {
  engine = openImages();
  const kept: Buffer[] = [];
  const keep = (read: Buffer) => void kept.push(read);
  await engine.render(request({ source: { ...source, keep } }));
  const broken = { size: 7, open: async () => Readable.from([Buffer.from("nothing")]), keep };
  await expect(engine.render(request({ source: broken }))).rejects.toMatchObject({ code: "EINVALID" });
  expect(kept.map(({ length }) => length)).toEqual([bytes.length, 7]);
});

test("what a rendering holds is held once, also when it has given way and begins again", async () => {
  const read: Buffer[] = [];
  const readWhole = async () => {
    const data = Buffer.alloc(300_000);
    read.push(data);
    return data;
  };
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  const paths: string[] = [];
  const attempt = async (prepare: Parameters<MediaProcesses["run"]>[1]): Promise<void> => {
    const { file } = (await prepare(forever)) as RenderTask;
    if ("path" in file) paths.push(file.path);
    // The bytes are in a file by now.
    expect(read.map(({ byteLength }) => byteLength)).toEqual(paths.map(() => 0));
    expect(await Promise.all(paths.map(isThere))).toEqual(paths.map((_, index) => index === paths.length - 1));
  };
  const run = async (...[, prepare]: Parameters<MediaProcesses["run"]>): Promise<never> => {
    await attempt(prepare);
    await attempt(prepare);
    return undefined as never;
  };
  engine = createImageEngine({ limits: defaultLimits, processes: { ...openTestProcesses(), run }, detects: false });
  await engine.render(request({ source: { ...source, size: 300_000, readWhole } }));
  expect(await Promise.all(paths.map(isThere))).toEqual([false, false]);
});

test("what is seen of a small picture is its hash and its colour", async () => {
  engine = openImages();
  const small = await plain(32, 32, "#c33").png().toBuffer();
  expect(await engine.fingerprint(small, { signal: forever })).toEqual({
    hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    color: "#cc3333",
  });
});

test("a header is read of a file and of bytes, and one that can't be read is none", async () => {
  engine = openImages();
  const folder = await mkdtemp(join(tmpdir(), "sluice-engine-"));
  const path = join(folder, "picture");
  try {
    const avif = await plain(6, 4, "#c338").avif().toBuffer();
    await writeFile(path, avif);
    for (const file of [path, avif]) {
      expect(await engine.readHeader(file, ["heif"])).toMatchObject({ width: 6, height: 4, hasAlpha: true });
      expect(await engine.readHeader(file, ["jpeg"])).toBeUndefined();
    }
    // A phone's picture has several blocks of metadata.
    const described = plain(6, 4, "#c33")
      .withExif({ IFD0: { Copyright: "me" } })
      .withIccProfile("p3");
    const { blocks } = (await engine.readHeader(await described.avif().toBuffer(), ["heif"])) ?? {};
    expect(blocks?.exif?.toString("latin1")).toContain("me\0");
    expect(blocks?.icc?.toString("latin1", 36, 40)).toBe("acsp");
    expect(await engine.readHeader(Buffer.from("nothing"), ["heif"])).toBeUndefined();
    const leaving = new AbortController();
    const left = engine.readHeader(path, ["heif"], { signal: leaving.signal });
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(engine.readHeader(path, ["heif"], { signal: leaving.signal })).rejects.toThrow("gone");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("who waits pays for every kind of task, with the picture's file and those of its layers", async () => {
  const run = vi.fn(async (..._: Parameters<MediaProcesses["run"]>): Promise<never> => undefined as never);
  const processes = { ...openTestProcesses(), run };
  engine = createImageEngine({ limits: defaultLimits, processes, detects: false });
  const options = { signal: forever, party: { account: "a", client: "192.0.2.1" } };
  const logo = { source, content: "logo", area: undefined };
  const layers = new Map([
    ["a.png", logo],
    ["copy.png", logo],
  ]);
  await engine.render(request({ ...options, file: "file", layers }));
  await engine.readHeader(bytes, ["jpeg"], options);
  await engine.fingerprint(bytes, options);
  await engine.tag(bytes, options);
  expect(run.mock.calls.map(([name, , { party }]) => [name, party])).toEqual(
    ["render", "header", "fingerprint", "tag"].map((name) => [name, options.party]),
  );
  expect(run.mock.calls[0]?.[2]).toMatchObject({ file: "file", layers: ["logo"] });
});

test("models are asked for what the transformation asks alone", async () => {
  const run = vi.fn(async (..._: Parameters<MediaProcesses["run"]>): Promise<never> => undefined as never);
  engine = createImageEngine({
    limits: defaultLimits,
    processes: { ...openTestProcesses(), run },
    detects: false,
  });
  const findAiPicture = vi.fn(async () => bytes);
  const effects = new Set(["e-retouch", "e-bgremove"] as const);
  const picture = { width: 1, height: 1, channels: 3, digest: "", png: async () => bytes } as const;
  const answers: unknown[] = [];
  for (const text of ["w-30,e-grayscale", "l-text,i-a,l-end", "e-retouch", "l-image,i-a.png,e-bgremove,l-end"]) {
    const transformation = readTransformation(parseTransformation(text), effects);
    await engine.render(request({ transformation, findAiPicture }));
    const ask = run.mock.lastCall?.[2].findAiPicture?.({ effect: "e-bgremove", prompt: undefined }, picture);
    answers.push(await ask?.catch(({ message }: Error) => message));
  }
  const refused = "a process asks models for what no step asks";
  expect(answers).toEqual([refused, refused, refused, bytes]);
});

test("a header for which there is no room is read later, and not called unreadable", async () => {
  engine = openImages({ limits: { imagesWaiting: 0 }, concurrency: 1 });
  const slow = gated();
  const running = engine.render(request(slow));
  await expect(engine.readHeader(bytes, ["jpeg"])).rejects.toMatchObject({ code: "EBUSY" });
  slow.open();
  await running;
  expect(await engine.readHeader(bytes, ["jpeg"])).toMatchObject({ width: 600, height: 300 });
});
