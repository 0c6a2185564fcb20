import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { inputSize, ObjectTagger } from "./object-tagger.ts";

const never = new AbortController().signal;
const human = dirname(dirname(createRequire(import.meta.url).resolve("@vladmandic/human")));

/** A picture of people in a row, from the model's own package. */
const people = () =>
  sharp(join(human, "assets/samples.jpg")).removeAlpha().resize(inputSize, inputSize, { fit: "fill" }).raw().toBuffer();

let tagger: ObjectTagger | undefined;
afterEach(() => tagger?.close());

test("sees people where there are people, and nothing to speak of where there is nothing", async () => {
  tagger = new ObjectTagger();
  const [first] = await tagger.tag(await people(), never);
  expect(first).toMatchObject({ name: "Person" });
  expect(first?.confidence).toBeGreaterThan(40);
  const grey = await tagger.tag(new Uint8Array(inputSize * inputSize * 3).fill(127), never);
  expect(grey[0]?.confidence ?? 0).toBeLessThan(30);
});

test("whoever leaves is let go at once, and the next picture is looked at all the same", async () => {
  tagger = new ObjectTagger();
  const pixels = await people();
  const leaving = new AbortController();
  const first = tagger.tag(pixels, leaving.signal);
  const second = tagger.tag(pixels, never);
  setTimeout(() => leaving.abort(new Error("left")), 30);
  await expect(first).rejects.toThrow("left");
  expect((await second)[0]?.name).toBe("Person");
});

test("a picture of another size is refused, and after the end nothing is looked at", async () => {
  tagger = new ObjectTagger();
  await expect(tagger.tag(new Uint8Array(3), never)).rejects.toThrow(RangeError);
  await tagger.close();
  await expect(tagger.tag(new Uint8Array(inputSize * inputSize * 3), never)).rejects.toThrow("closed");
});

test("a picture that takes too long costs its thread, and not the next picture", async () => {
  tagger = new ObjectTagger({ pictureMs: 1 });
  const pixels = await people();
  await expect(tagger.tag(pixels, never)).rejects.toThrow("too long");
  tagger = new ObjectTagger();
  expect((await tagger.tag(pixels, never))[0]?.name).toBe("Person");
});
