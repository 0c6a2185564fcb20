import { expect, test } from "vitest";
import { maxLengthOf, partBytesOf, partSizeAt } from "./progress.ts";

const MiB = 1024 * 1024;
const GB = 1_000_000_000;
const leastBytes = 8 * MiB;
/** The bounds of S3: the number of parts, the least size of a part but the last, and the largest object. */
const s3 = { parts: 10_000, least: 5 * MiB, object: 5 * 1024 ** 4 };

test.each([1, 8 * MiB, 8 * MiB + 1, 12 * GB, 75.4 * GB, 100 * GB, 100 * GB + 1, s3.object])(
  "a blob of %d bytes has few enough parts, which are large enough and make up the whole",
  (length) => {
    const partBytes = partBytesOf(length, leastBytes);
    const count = Math.ceil(length / partBytes);
    expect(count).toBeLessThanOrEqual(s3.parts);
    expect(partBytes).toBeGreaterThanOrEqual(s3.least);
    expect((count - 1) * partBytes + partSizeAt(length, count - 1, partBytes)).toBe(length);
    expect(partSizeAt(length, count - 1, partBytes)).toBeGreaterThan(0);
    if (count > 1) expect(partSizeAt(length, 0, partBytes)).toBe(partBytes);
  },
);

test("the parts of 100 GB are small", () => {
  expect(partBytesOf(100 * GB, leastBytes)).toBe(11_111_112);
  expect(partBytesOf(75 * GB, leastBytes)).toBe(leastBytes);
});

test("the longest blob has parts that fit into memory, and is no longer than an object may be", () => {
  const longest = maxLengthOf(leastBytes, 64 * MiB);
  expect(longest).toBe(9000 * 64 * MiB);
  expect(partBytesOf(longest, leastBytes)).toBe(64 * MiB);
  expect(partBytesOf(longest + 1, leastBytes)).toBeGreaterThan(64 * MiB);
  expect(maxLengthOf(leastBytes, 1)).toBe(9000 * leastBytes);
  expect(maxLengthOf(leastBytes, 1024 * MiB)).toBe(s3.object);
});
