import { expect, test } from "vitest";
import { defaultDelivery } from "../media/image/plan/choose-output.ts";
import {
  addSwitches,
  defaultSwitches,
  deliverySwitches,
  imageSettings,
  keepFormerSwitches,
  newAccountSwitches,
  printSwitch,
  readSwitches,
  setSwitches,
} from "./delivery-switches.ts";

// docs/protocol/delivery.md §5, §14
test("by default nothing is restricted, and images are made as the protocol says", () => {
  expect(readSwitches(newAccountSwitches)).toEqual(defaultSwitches);
  expect(defaultSwitches).toEqual({
    plainImages: "optimised",
    bestFormat: true,
    avif: false,
    quality: 80,
    dataSaver: false,
    stripMetadata: true,
    stripProfile: true,
    autoOrient: true,
    chromaSubsampling: "auto",
    pngCompression: "lossy",
    restrictUnsignedImages: "off",
    restrictUnsignedVideos: "off",
    privateThumbnails: "signed",
    restrictUnnamed: false,
    unknownParameters: "refuse",
    sharedCacheSeconds: 60,
    referrers: [],
    clientAddresses: [],
    userAgents: [],
    countries: [],
  });
  expect(imageSettings(defaultSwitches)).toEqual(defaultDelivery);
});

test("what is set stays set until it is set again, and the rest is as by default", () => {
  const stored = addSwitches(addSwitches(null, { quality: 70, avif: true }), { quality: 60 });
  expect(setSwitches(stored)).toEqual({ quality: 60, avif: true });
  expect(readSwitches(stored)).toEqual({ ...readSwitches(null), quality: 60, avif: true });
});

test("an account of an earlier version keeps that version's thumbnails, until somebody sets them or takes the default", () => {
  expect(readSwitches(null)).toEqual({ ...defaultSwitches, privateThumbnails: "unsigned" });
  const kept = keepFormerSwitches(addSwitches(null, { quality: 70 })) ?? "";
  expect(setSwitches(kept)).toEqual({ quality: 70, privateThumbnails: "unsigned" });
  expect(setSwitches(keepFormerSwitches(null) ?? "")).toEqual({ privateThumbnails: "unsigned" });
  for (const stored of [newAccountSwitches, kept]) expect(keepFormerSwitches(stored)).toBeUndefined();
  for (const stored of [null, kept, newAccountSwitches]) {
    expect(readSwitches(addSwitches(stored, { privateThumbnails: null })).privateThumbnails).toBe("signed");
    expect(readSwitches(addSwitches(stored, { privateThumbnails: "unsigned" })).privateThumbnails).toBe("unsigned");
  }
});

test("each switch takes its default, as it prints it, and nothing that it doesn't name", () => {
  for (const { standard, parse, values } of Object.values(deliverySwitches)) {
    expect(parse(printSwitch(standard)), values).toEqual(standard);
    // A list of the perimeter takes more than a few words: perimeter-switches.test.ts.
    if (typeof standard === "object") continue;
    for (const text of ["", "ON", "true", "-1", "1.5", "1e3", "toString", " off"]) expect(parse(text)).toBeUndefined();
  }
});

test.each([
  ["quality", "0", undefined],
  ["quality", "1", 1],
  ["quality", "100", 100],
  ["quality", "101", undefined],
  ["sharedCacheSeconds", "0", 0],
  ["sharedCacheSeconds", "31536001", undefined],
  ["restrictUnsignedImages", "except_named", "except_named"],
  ["plainImages", "original", "original"],
] as const)("%s %s is %s", (name, text, value) => {
  expect(deliverySwitches[name].parse(text)).toBe(value);
});
