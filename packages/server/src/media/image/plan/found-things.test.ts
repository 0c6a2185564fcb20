import { expect, test } from "vitest";
import { around, followed, placedIn } from "./found-things.ts";

const eye = { name: "eye", left: 0.25, top: 0.5, width: 0.125, height: 0.25 };

test.each([
  [1, { left: 25, top: 40, width: 13, height: 20 }],
  [2, { left: 62, top: 40, width: 13, height: 20 }],
  [3, { left: 62, top: 20, width: 13, height: 20 }],
  [4, { left: 25, top: 20, width: 13, height: 20 }],
])("places are those of the stored picture with the orientation %i", (orientation, region) => {
  const placed = placedIn({ faces: [eye] }, { width: 100, height: 80 }, orientation);
  expect(placed).toEqual({ faces: [{ name: "eye", ...region }] });
});

test.each([
  [5, { left: 50, top: 20, width: 25, height: 10 }],
  [6, { left: 50, top: 50, width: 25, height: 10 }],
  [7, { left: 25, top: 50, width: 25, height: 10 }],
  [8, { left: 25, top: 20, width: 25, height: 10 }],
])("a quarter turn that isn't applied is undone for the orientation %i", (orientation, region) => {
  const placed = placedIn({ faces: [eye] }, { width: 100, height: 80 }, orientation);
  expect(placed).toEqual({ faces: [{ name: "eye", ...region }] });
});

test("things are followed through cuts, scales and padding, and are lost where they are cut off", () => {
  const placed = { objects: [{ name: "car", left: 10, top: 20, width: 30, height: 40 }], faces: [] };
  const size = { width: 100, height: 100 };
  const cut = { kind: "extract", left: 20, top: 0, width: 80, height: 40 } as const;
  const scale = { kind: "scale", width: 40, height: 80 } as const;
  const pad = {
    kind: "pad",
    top: 1,
    right: 2,
    bottom: 3,
    left: 4,
    background: { r: 0, g: 0, b: 0, alpha: 1 },
  } as const;
  expect(followed(placed, size, [cut, scale, pad])).toEqual({
    objects: [{ name: "car", left: 4, top: 41, width: 10, height: 40 }],
    faces: [],
  });
  expect(followed(placed, size, [{ ...cut, left: 50, width: 50 }])).toEqual({ objects: [], faces: [] });
  const still = { kind: "effect", apply: () => expect.fail() } as const;
  expect(followed(placed, size, [still])).toEqual(placed);
  expect(followed(placed, size, [{ ...still, movesPixels: true }])).toBeUndefined();
  expect(followed(placed, size, [{ ...still, size }])).toBeUndefined();
  expect(followed(placed, size, [{ kind: "extract-salient", width: 9, height: 9 }])).toBeUndefined();
});

test("several things are in one region", () => {
  const one = { left: 5, top: 10, width: 10, height: 10 };
  expect(around([one, { left: 30, top: 0, width: 1, height: 12 }])).toEqual({ left: 5, top: 0, width: 26, height: 20 });
  expect(around([])).toBeUndefined();
});
