import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { readEntry, writeEntry } from "./entry.ts";

const made = { data: randomBytes(5000), contentType: "image/webp", width: 70_000 };
const { kept, chunks } = writeEntry(made);
const whole = Buffer.concat(chunks);

describe("an entry of the cache", () => {
  test("is read as it was written", () => {
    expect(kept).toEqual({ ...made, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(readEntry(whole)).toEqual(kept);
  });

  test("of other bytes or of another type has another digest", () => {
    const digests = [made, { ...made, data: randomBytes(5000) }, { ...made, contentType: "image/avif" }].map(
      (one) => writeEntry(one).kept.digest,
    );
    expect(new Set(digests).size).toBe(3);
  });

  test("cut anywhere is none", () => {
    for (const length of [0, 1, 15, 16, 40, 52, 53, 62, 63, 64, 1000, whole.length - 1]) {
      expect(readEntry(whole.subarray(0, length))).toBeUndefined();
    }
  });

  test("with a hole of zeros, or with more behind it, is none", () => {
    for (let start = 0; start < whole.length; start += 97) {
      const holed = Buffer.from(whole);
      holed.fill(0, start, Math.min(start + 512, holed.length));
      // The end of a footer is zeros anyway.
      if (!holed.equals(whole)) expect(readEntry(holed)).toBeUndefined();
    }
    expect(readEntry(Buffer.concat([whole, Buffer.alloc(1)]))).toBeUndefined();
  });

  test("of 0.1.0 is read, and is no entry once it is torn", () => {
    const described = Buffer.concat([Buffer.of(0, 1, 0x11, 0x70, 10), Buffer.from("image/webp"), made.data]);
    const digest = createHash("sha256").update(described).digest();
    const first = Buffer.concat([Buffer.from("sluice-derived/1"), digest, described]);
    expect(readEntry(first)).toEqual({ ...made, digest: digest.toString("hex") });
    for (const length of [16, 40, 48, 52, 53, first.length - 1]) {
      expect(readEntry(first.subarray(0, length))).toBeUndefined();
    }
  });
});
