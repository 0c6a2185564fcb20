import { expect, test } from "vitest";
import { textHeader } from "./text-header.ts";

test.each([{ width: 3, height: 4 }, { message: "no text: „x“" }])("%j is read as it was written", (header) => {
  const pixels = Buffer.from([1, 2, 3]);
  expect(textHeader.read(Buffer.concat([textHeader.write(header), pixels]))).toEqual({ header, rest: pixels });
});

test("bytes that end before the header does are none", () => {
  const whole = textHeader.write({ width: 3, height: 4 });
  for (const end of [0, 3, 4, whole.length - 1]) expect(textHeader.read(whole.subarray(0, end))).toBeUndefined();
});
