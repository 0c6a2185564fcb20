import { expect, test } from "vitest";
import { sizeText } from "./show-delivery.ts";

test.each([
  [120, "0.1 kB"],
  [23_456, "23 kB"],
  [1_720_000, "1.7 MB"],
  [25_000_000, "25 MB"],
])("%d bytes are %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
