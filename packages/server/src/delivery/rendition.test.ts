import { expect, test } from "vitest";
import { DeliveryRefusal } from "./refusal.ts";
import { chooseRendition } from "./rendition.ts";

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

test.each(["n-ik_ml_thumbnail", "n-media_library_thumbnail"])("%s is a named thumbnail", (text) => {
  const named = { kind: "named", name: text.slice(2) };
  expect(chooseRendition([text])).toEqual(named);
  expect(chooseRendition([`tr:${text}`])).toEqual(named);
  expect(chooseRendition([text.replace("-", "%2D")])).toEqual(named);
});

test.each([
  [["w-100"]],
  [["orig-false"]],
  [["n-ik_ml_thumbnail,w-100"]],
  [["n-ik_ml_thumbnail%2Cw-100"]],
  [["n-ik_ml_thumbnail:n-media_library_thumbnail"]],
  [["n-ik_ml_thumbnail%3Aw-100"]],
  [["n-ik_ml_thumbnail", "w-100"]],
  [["n-ik_ml_thumbnail,"]],
  [["%ff"]],
])("%j is something else", (transformations) => {
  expect(chooseRendition(transformations)).toEqual({ kind: "explicit" });
});

test.each(["n-unknown", "n-", "n-toString", "n-IK_ML_THUMBNAIL", "orig-true,n-unknown", "w-1:n-unknown"])(
  "the name in %s is refused",
  (text) => {
    expect(() => chooseRendition([text])).toThrow(DeliveryRefusal);
  },
);
