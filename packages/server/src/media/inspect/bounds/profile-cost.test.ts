import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { isBoundedProfile, maxProfileBytes } from "./profile-cost.ts";
import { calculationOf, curvesOf, endlessProfile, profileOf, sampledCurves, tableOf } from "./testing/profiles.ts";

const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "#c33" } });

test.each(["srgb", "p3", "cmyk"])("the profile %s is bounded", async (name) => {
  const { icc } = await sharp(await picture.clone().withIccProfile(name).jpeg().toBuffer()).metadata();
  expect(isBoundedProfile(icc ?? Buffer.alloc(0))).toBe(true);
});

describe("calculations that a profile may have", () => {
  test.each([
    ["a few steps", calculationOf(8)],
    ["curves of some formulas", calculationOf(2, curvesOf(10))],
    ["curves of thousands of samples", calculationOf(2, sampledCurves(4096))],
    ["a fine table of four inks", calculationOf(1, tableOf(4, 3, 17))],
    ["an element that nobody knows", calculationOf(1, Buffer.from("abcd\0\0\0\0"))],
  ])("%s", (_, calculation) => {
    expect(isBoundedProfile(profileOf(["D2B0", calculation]))).toBe(true);
  });
});

describe("too much are", () => {
  test.each([
    ["hundreds of thousands of steps", calculationOf(900_000)],
    ["hundreds of steps", calculationOf(100)],
    ["curves of thousands of formulas", calculationOf(1, curvesOf(5000))],
    ["curves of formulas, over and over", calculationOf(50, curvesOf(50))],
    ["curves for thousands of colours", calculationOf(1, curvesOf(1, 5000))],
    ["curves of samples, over and over", calculationOf(60, sampledCurves(60_000))],
    ["tables, over and over", calculationOf(20, tableOf(3, 3, 60))],
    ["a table for fifteen colours", calculationOf(1, tableOf(15, 3, 2))],
  ])("%s, wherever they stand", (_, calculation) => {
    for (const tag of ["D2B0", "D2B3", "B2D1", "A2B0"]) {
      expect(isBoundedProfile(profileOf([tag, calculation]))).toBe(false);
    }
  });

  test("hundreds of tags", () => {
    const tags = Array.from(
      { length: 100 },
      (_, index) => [`t${String(index).padStart(3, "0")}`, Buffer.alloc(4)] as const,
    );
    expect(isBoundedProfile(profileOf(...tags))).toBe(false);
  });

  test("more bytes than any printer's profile has", () => {
    expect(isBoundedProfile(Buffer.concat([profileOf(), Buffer.alloc(maxProfileBytes)]))).toBe(false);
  });
});

test("whatever the bytes are, there is an answer", () => {
  const place = fc.nat({ max: 999_999 });
  const change = fc.tuple(place, fc.constantFrom(0, 1, 255));
  const sources = fc.constantFrom(
    endlessProfile.subarray(0, 2000),
    profileOf(["D2B0", calculationOf(3, curvesOf(3))]),
    profileOf(["D2B0", calculationOf(3, tableOf(2, 3, 3))]),
  );
  fc.assert(
    fc.property(sources, fc.array(change, { maxLength: 12 }), place, (profile, changes, cut) => {
      const bytes = Buffer.from(profile);
      for (const [at, byte] of changes) bytes[Math.floor((at / 1_000_000) * bytes.length)] = byte;
      expect(typeof isBoundedProfile(bytes.subarray(0, bytes.length - Math.floor(cut / 10_000)))).toBe("boolean");
    }),
  );
});
