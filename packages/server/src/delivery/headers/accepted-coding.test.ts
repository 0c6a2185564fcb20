import { expect, test } from "vitest";
import { acceptedCoding } from "./accepted-coding.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["x-gzip", "gzip"],
  ["GZIP;Q=0.5", "gzip"],
  ["BR", "br"],
  ["deflate, zstd", undefined],
  ["identity", undefined],
  ["br;q=0.5, gzip;q=0.8", "gzip"],
  ["gzip;q=0.5 , br ; q=0.5", "br"],
  ["br;q=0, gzip", "gzip"],
  ["br;q=0.000", undefined],
  ["gzip;q=0, br;q=0", undefined],
  ["identity;q=0.5, gzip;q=0.4", undefined],
  ["identity;q=0.5, br;q=0.5", "br"],
  ["identity, gzip;q=0.9, br;q=0.8", undefined],
  ["identity;q=0", undefined],
  ["*", "gzip"],
  ["*;q=0", undefined],
  ["br, *;q=0", "br"],
  ["gzip;q=0, *", undefined],
  ["br;q=0.2, *", "gzip"],
  ["br;q=2", undefined],
  ["br;q=-1", undefined],
  ["br;q=", undefined],
  ["br;q=nan, gzip", "gzip"],
  ["brotli, agzip", undefined],
  [",,;;,", undefined],
])("%s brings %s", (header, coding) => {
  expect(acceptedCoding(header)).toBe(coding);
});

test("of a header without end the beginning is read", () => {
  expect(acceptedCoding(`${"deflate, ".repeat(15)}br`)).toBe("br");
  expect(acceptedCoding(`${",".repeat(30_000)}br`)).toBeUndefined();
  expect(acceptedCoding(`br, gzip${";".repeat(30_000)}q=0`)).toBe("br");
});
