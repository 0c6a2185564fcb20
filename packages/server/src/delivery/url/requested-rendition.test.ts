import { expect, test } from "vitest";
import { findBuiltIn } from "../../library/named-transformations/named-transformations.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { chooseRendition as choose, readWritten } from "./requested-rendition.ts";

function chooseRendition(texts: readonly string[]) {
  return choose(readWritten(texts.map((text) => ({ text, form: "query" }))), findBuiltIn);
}

test.each([
  [["orig-true"]],
  [["tr:orig-true"]],
  [["w-100,orig-true"]],
  [["w-100", "h-2:orig-true"]],
  [["w-100%2Corig-true"]],
])("%j is the original", (transformations) => {
  expect(chooseRendition(transformations)).toEqual({ kind: "original", defaultImage: undefined });
});

test.each([[[]], [["bg-"]], [["di-a.png"]], [["bg-", "di-a@@b.png,c2pa-true"]]])(
  "%j asks for nothing",
  (transformations) => {
    expect(chooseRendition(transformations).kind).toBe("plain");
  },
);

test.each([
  [["di-a.png"], "a.png"],
  [["w-2,di-@@a@@b.png:h-2"], "a/b.png"],
  [["di-a.png:di-b.png"], "b.png"],
  [["orig-true,di-a.png"], "a.png"],
  [["w-2"], undefined],
])("where the file is missing, %j delivers %s", (transformations, path) => {
  expect(chooseRendition(transformations).defaultImage).toBe(path);
});

test.each([
  [["n-ik_ml_thumbnail"], [], { kind: "named", thumbnail: true, asVideo: false, playlist: false }],
  [["n-small"], [], { kind: "named", thumbnail: false, asVideo: false, playlist: false }],
  [["n-small"], ["ik-thumbnail.jpg"], { kind: "named", thumbnail: true, asVideo: false, playlist: false }],
  [[], ["ik-thumbnail.jpg"], { kind: "explicit", thumbnail: true, asVideo: false, playlist: false }],
  [["n-ik_ml_thumbnail,w-2"], [], { kind: "explicit", thumbnail: false, asVideo: false, playlist: false }],
  [[], ["ik-video.mp4"], { kind: "explicit", thumbnail: false, asVideo: true, playlist: false }],
  [
    ["w-2"],
    ["ik-video.mp4", "ik-thumbnail.jpg"],
    { kind: "explicit", thumbnail: true, asVideo: true, playlist: false },
  ],
  [["orig-true"], ["ik-video.mp4"], { kind: "original" }],
] as const)("%j behind %j is %j", (transformations, suffixes, expected) => {
  const find = (name: string) => (name === "small" ? { steps: [] } : findBuiltIn(name));
  const written = readWritten(transformations.map((text) => ({ text, form: "query" })));
  expect(choose(written, find, suffixes)).toMatchObject(expected);
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
  expect(chooseRendition(["n-ik_ml_thumbnail"])).toMatchObject({ kind: "named", transformation: expected });
});

test.each([
  [["w-100"]],
  [["orig-false,w-100"]],
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
