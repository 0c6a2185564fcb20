import { expect, test } from "vitest";
import { maxHeaderBytes, textHeader } from "./text-header.ts";

test.each([{ width: 3, height: 4 }, { message: "no text: „x“" }])("%j is read as it was written", (header) => {
  const pixels = Buffer.from([1, 2, 3]);
  expect(textHeader.read(Buffer.concat([textHeader.write(header), pixels]))).toEqual({ header, rest: pixels });
});

test("bytes that end before the header does are none", () => {
  const whole = textHeader.write({ width: 3, height: 4 });
  for (const end of [0, 3, 4, whole.length - 1]) expect(textHeader.read(whole.subarray(0, end))).toBeUndefined();
});

test("bytes that are no header are not taken for one", () => {
  const written = (json: string): Buffer => {
    const bytes = Buffer.from(`0000${json}`);
    bytes.writeUInt32BE(json.length);
    return bytes;
  };
  for (const json of [
    "",
    "{",
    "null",
    "7",
    "{}",
    '{"width":1}',
    '{"width":-1,"height":1}',
    '{"width":"1","height":1}',
  ]) {
    expect(textHeader.read(written(json)), json).toBeUndefined();
  }
  expect(textHeader.write({ message: "é".repeat(100_000) }).length).toBeLessThan(maxHeaderBytes);
});
