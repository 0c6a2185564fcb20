import { expect, test } from "vitest";
import { isSoundAnswer, soundCpuMs, soundRefusal } from "./sound-answers.ts";

const data = new Uint8Array(1);

test("a picture of another type than pictures have is no answer", () => {
  const picture = { data, width: 10, height: 10, contentType: "image/webp" };
  expect(isSoundAnswer("render", picture)).toBe(true);
  for (const wrong of [{ contentType: "text/html" }, { width: 0 }, { height: Number.NaN }, { data: "<script>" }]) {
    expect(isSoundAnswer("render", { ...picture, ...wrong }), JSON.stringify(wrong)).toBe(false);
  }
  for (const nothing of [undefined, null, 5, "x"]) expect(isSoundAnswer("render", nothing)).toBe(false);
});

test("headers, hashes and finds have their shapes", () => {
  expect(isSoundAnswer("header", undefined)).toBe(true);
  expect(isSoundAnswer("header", { width: 1, height: 1, orientation: 9 })).toBe(false);
  expect(isSoundAnswer("look", { hash: "0123456789abcdef", color: "#c33333" })).toBe(true);
  expect(isSoundAnswer("look", { hash: "'; drop", color: undefined })).toBe(false);
  expect(isSoundAnswer("faces", [{ name: "face" }])).toBe(true);
  expect(isSoundAnswer("tag", [{}])).toBe(false);
});

test("times that nothing can have taken count as untold", () => {
  expect(soundCpuMs(120, 100)).toBe(120);
  for (const told of [-1e12, Number.NaN, 1e12, "5", undefined]) expect(soundCpuMs(told, 100)).toBeUndefined();
});

test("a refusal has a known code, and a message that a header can hold", () => {
  expect(soundRefusal({ code: "ELIMIT", message: "too large" })).toEqual({ code: "ELIMIT", message: "too large" });
  const refused = soundRefusal({ code: "__proto__", message: `a\r\nb${"c".repeat(5000)}` });
  expect(refused.code).toBe("EINVALID");
  expect(refused.message).toMatch(/^a {2}bc+$/);
  expect(refused.message.length).toBeLessThan(600);
});
