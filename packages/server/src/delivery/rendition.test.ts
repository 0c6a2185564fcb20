import { expect, test } from "vitest";
import { findBuiltIn } from "../library/named-transformations/built-in.ts";
import { DeliveryRefusal } from "./refusal.ts";
import { chooseRendition as choose, readWritten } from "./rendition.ts";

function chooseRendition(texts: readonly string[]) {
  return choose(readWritten(texts.map((text) => ({ text, form: "query" }))), findBuiltIn);
}

test.each([
  [[]],
  [["orig-true"]],
  [["tr:orig-true"]],
  [["w-100,orig-true"]],
  [["w-100", "h-2:orig-true"]],
  [["w-100%2Corig-true"]],
])("%j is the original", (transformations) => {
  expect(chooseRendition(transformations)).toEqual({ kind: "original" });
});

test.each([
  [["n-ik_ml_thumbnail"]],
  [["n-media_library_thumbnail"]],
  [["tr:n-ik_ml_thumbnail"]],
  [["n%2Dik_ml_thumbnail"]],
  [["n-ik_ml_thumbnail:n-media_library_thumbnail"]],
  [["n-ik_ml_thumbnail", "n-ik_ml_thumbnail"]],
])("%j is nothing but names", (transformations) => {
  expect(chooseRendition(transformations).kind).toBe("named");
});

test("a name stands for the account's transformation", () => {
  const meaning = { w: { kind: "pixels", pixels: 400 }, h: { kind: "pixels", pixels: 400 }, c: "at_max", q: 70 };
  const expected = { steps: [{ kind: "parameters", parameters: meaning, layers: [] }] };
  expect(chooseRendition(["n-ik_ml_thumbnail"])).toEqual({ kind: "named", transformation: expected });
});

test.each([
  [["w-100"]],
  [["orig-false"]],
  [["n-ik_ml_thumbnail,w-100"]],
  [["n-ik_ml_thumbnail%2Cw-100"]],
  [["n-ik_ml_thumbnail", "w-100"]],
])("%j is something else", (transformations) => {
  expect(chooseRendition(transformations).kind).toBe("explicit");
});

test.each([
  ["%ff", "Transformation is not encoded in UTF-8: %ff"],
  ["w-abc", "Invalid value of transformation parameter w-abc"],
  ["nonsense-1", "Unsupported transformation parameter: nonsense"],
  ["n-unknown", "Unknown named transformation: unknown"],
])("%s is refused with what is wrong with it", (text, message) => {
  expect(() => chooseRendition([text])).toThrow(expect.objectContaining({ reason: "TRANSFORMATION_INVALID", message }));
});

test.each(["n-unknown", "n-", "n-toString", "n-IK_ML_THUMBNAIL", "orig-true,n-unknown", "w-1:n-unknown"])(
  "the name in %s is refused",
  (text) => {
    expect(() => chooseRendition([text])).toThrow(DeliveryRefusal);
  },
);
