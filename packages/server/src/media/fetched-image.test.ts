import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { FetchedImage } from "./fetched-image.ts";
import { readImage } from "./image/image-source.ts";

const { signal } = new AbortController();
const bytes = randomBytes(200_000);

function openImage() {
  const opened = { times: 0 };
  const open = async () => {
    opened.times += 1;
    return Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
  };
  return { image: new FetchedImage({ size: bytes.length, open }, signal), opened };
}

test("what the engine has read is there to look into, the same memory, and was fetched once", async () => {
  const { image, opened } = openImage();
  expect(image.atHand(0, 4)).toBeUndefined();
  const read = await readImage(image, bytes.length, signal);
  image.keep(read);
  expect(image.whole).toBe(read);
  expect(image.atHand(150_000, 4)).toEqual(bytes.subarray(150_000, 150_004));
  expect(await image.read(199_999, 4)).toEqual(bytes.subarray(199_999));
  expect((await buffer(await image.open(signal))).equals(bytes)).toBe(true);
  expect(opened.times).toBe(1);
});

test("what the engine has not read is fetched for who looks into it", async () => {
  const { image, opened } = openImage();
  expect((await image.head()).equals(bytes)).toBe(true);
  expect(await image.read(0, 4)).toEqual(bytes.subarray(0, 4));
  expect(opened.times).toBe(1);
});
