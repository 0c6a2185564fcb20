import { expect, test } from "vitest";
import { isValidReply, validCpuMs, validRefusal } from "./validate-reply.ts";

const data = new Uint8Array(1);

test("a picture of another type than pictures have is no answer", () => {
  const picture = { data, width: 10, height: 10, contentType: "image/webp" };
  expect(isValidReply("render", picture)).toBe(true);
  for (const wrong of [{ contentType: "text/html" }, { width: 0 }, { height: Number.NaN }, { data: "<script>" }]) {
    expect(isValidReply("render", { ...picture, ...wrong }), JSON.stringify(wrong)).toBe(false);
  }
  for (const nothing of [undefined, null, 5, "x"]) expect(isValidReply("render", nothing)).toBe(false);
});

test("headers, hashes and finds have their shapes", () => {
  expect(isValidReply("header", undefined)).toBe(true);
  const header = { width: 1, height: 1, hasAlpha: false, animated: false };
  const blocks = { exif: Buffer.from("Exif"), icc: undefined, density: 72 };
  for (const more of [{}, { orientation: 8 }, { blocks }]) {
    expect(isValidReply("header", { ...header, ...more }), JSON.stringify(more)).toBe(true);
  }
  const wrongBlocks = [{ exif: 5 }, { xmp: "x" }, { density: {} }, null].map((wrong) => ({ blocks: wrong }));
  for (const wrong of [{ orientation: 9 }, { hasAlpha: 1 }, { animated: {} }, ...wrongBlocks]) {
    expect(isValidReply("header", { ...header, ...wrong }), JSON.stringify(wrong)).toBe(false);
  }
  expect(isValidReply("fingerprint", { hash: "0123456789abcdef", color: "#c33333" })).toBe(true);
  expect(isValidReply("fingerprint", { hash: "'; drop", color: undefined })).toBe(false);
  const face = { name: "face", left: 0, top: 0.5, width: 0.2, height: 0.1 };
  expect(isValidReply("faces", [face])).toBe(true);
  for (const wrong of [{}, { ...face, name: 1 }, { ...face, left: Number.POSITIVE_INFINITY }, { name: "face" }]) {
    expect(isValidReply("faces", [face, wrong]), JSON.stringify(wrong)).toBe(false);
  }
  expect(isValidReply("tag", [{ name: "cat", confidence: 80 }])).toBe(true);
  for (const wrong of [{}, { name: "cat", confidence: "80" }]) expect(isValidReply("tag", [wrong])).toBe(false);
});

test("times that nothing can have taken count as untold", () => {
  expect(validCpuMs(120, 100)).toBe(120);
  for (const told of [-1e12, Number.NaN, 1e12, "5", undefined]) expect(validCpuMs(told, 100)).toBeUndefined();
});

test("a refusal has a known code, and a message that a header can hold", () => {
  expect(validRefusal({ code: "ELIMIT", message: "too large" })).toEqual({ code: "ELIMIT", message: "too large" });
  const refused = validRefusal({ code: "__proto__", message: `a\r\nb${"c".repeat(5000)}` });
  expect(refused.code).toBe("EINVALID");
  expect(refused.message).toMatch(/^a {2}bc+$/);
  expect(refused.message.length).toBeLessThan(600);
});
