import { expect, test } from "vitest";
import { noScanner } from "../../virus-scan/virus-scanner.ts";
import { readPre } from "../resolve/read-pre.ts";
import { validate } from "../resolve/validate.ts";
import { assertFits, largestThatFits } from "./assert-fits.ts";

const deps = { config: { limits: { imageBytes: 1000 } }, scanner: { maxBytes: 5000 } };
const plain = { pre: undefined };

async function withPre() {
  const { transformation } = validate(
    new Map([
      ["fileName", "a"],
      ["transformation", '{"pre":"w-10"}'],
    ]),
  );
  return { pre: transformation && (await readPre(transformation, async () => () => undefined, { detects: false })) };
}

test("a file of any size fits where nothing reads the whole of it", () => {
  expect(() => assertFits({ ...deps, scanner: noScanner }, plain, 100_000_000_000)).not.toThrow();
});

test("a file that the virus scanner can't take is refused, with the limit's name", () => {
  expect(() => assertFits(deps, plain, 5000)).not.toThrow();
  expect(() => assertFits(deps, plain, 5001)).toThrow(
    expect.objectContaining({
      status: 413,
      message: "A file of 5001 bytes is too large for the virus scan, which takes at most 5000 bytes.",
      help: expect.stringContaining("virus-scan-bytes"),
    }),
  );
});

test("a file that the image engine doesn't open is refused where pre asks for an image of it", async () => {
  const plan = await withPre();
  expect(() => assertFits(deps, plan, 1000)).not.toThrow();
  expect(() => assertFits(deps, plan, 1001)).toThrow(
    expect.objectContaining({
      reason: "FILE_TOO_LARGE_FOR_STEP",
      message: expect.stringContaining("transformation.pre"),
    }),
  );
});

test("the largest file that fits is what the smallest of these limits takes", async () => {
  expect(largestThatFits({ ...deps, scanner: noScanner }, plain)).toBe(Number.POSITIVE_INFINITY);
  expect([largestThatFits(deps, plain), largestThatFits(deps, await withPre())]).toEqual([5000, 1000]);
});
