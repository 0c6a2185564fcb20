import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { transformations, transformedUrl } from "./show-delivery.ts";

test.each(transformations)("$name is a transformation that this server carries out", ({ text }) => {
  expect(() => parseTransformation(text)).not.toThrow();
});

test("a transformation stands in the URL as it is written, whatever it is", () => {
  const url = "http://localhost/demo/demo/a.jpg";
  expect(transformedUrl(url, "")).toBe(url);
  expect(transformedUrl(url, "w-400,ar-4-3:rt-90")).toBe(`${url}?tr=w-400,ar-4-3:rt-90`);
  expect(transformedUrl(url, "w-1&h=2#é")).toBe(`${url}?tr=w-1%26h%3D2%23%C3%A9`);
});
