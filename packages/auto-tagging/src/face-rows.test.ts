import { expect, test } from "vitest";
import { distinctFaces, facesOfRows } from "./face-rows.ts";
import { type FaceWindow, faceWindows } from "./face-windows.ts";

const whole = { left: 0, top: 0, width: 1, height: 1 };
const rows = 16 * 16 * 2 + 8 * 8 * 6;
const nothing = () => ({
  scores: Array<number>(rows).fill(-9),
  boxes: Array.from({ length: rows }, () => [0, 0, 9, 9]),
});

test("a row's face is where the row's point and its own distance say", () => {
  const { scores, boxes } = nothing();
  // The second row of the second point of the finer grid is at 24, 8. The last row of all is at 240, 240.
  scores[3] = 2;
  boxes[3] = [8, 24, 32, 64];
  scores[rows - 1] = 0;
  boxes[rows - 1] = [0, 0, 64, 64];
  const [first, second] = facesOfRows(scores, boxes, whole);
  expect(first).toEqual({ confidence: expect.closeTo(0.88), left: 16 / 256, top: 0, width: 32 / 256, height: 0.25 });
  expect(second).toEqual({ confidence: 0.5, left: 208 / 256, top: 208 / 256, width: 48 / 256, height: 48 / 256 });
  const right = facesOfRows(scores, boxes, { left: 0.5, top: 0, width: 0.5, height: 1 });
  expect(right[0]).toMatchObject({ left: 0.5 + 8 / 256, width: 16 / 256 });
  // The second face ends at the right edge, and is cut off where the picture goes on behind that.
  expect(facesOfRows(scores, boxes, { left: 0.25, top: 0, width: 0.5, height: 1 }).length).toBe(1);
  expect(() => facesOfRows(scores.slice(1), boxes, whole)).toThrow(RangeError);
});

test("rows without a number, or without a size, find nothing", () => {
  const { scores, boxes } = nothing();
  scores[0] = 5;
  boxes[0] = [Number.NaN, 0, 10, 10];
  scores[1] = 5;
  boxes[1] = [0, 0, -10, 10];
  scores[2] = Number.NaN;
  expect(facesOfRows(scores, boxes, whole)).toEqual([]);
});

test("a face that several windows found counts once, as the surest of them unless that is a part", () => {
  const face = (left: number, width: number, confidence: number) => ({ confidence, left, top: 0, width, height: 0.2 });
  const [surest, other] = [face(0.1, 0.2, 0.9), face(0.5, 0.2, 0.7)];
  const found = [other, face(0.2, 0.1, 0.6), surest, face(0.11, 0.25, 0.8), face(0.45, 0.4, 0.6)];
  expect(distinctFaces(found)).toEqual([surest, face(0.45, 0.4, 0.7)]);
});

test("a picture is looked at as a whole, in squares of its shorter side where it is elongated, and in smaller ones", () => {
  const small = (windows: readonly FaceWindow[]) => windows.map(({ left, top }) => [left, top]);
  const square = faceWindows({ width: 100, height: 100 });
  expect(square[0]).toEqual(whole);
  expect(square.slice(1).every(({ width, height }) => width === 0.6 && height === 0.6)).toBe(true);
  expect(small(square.slice(1))).toEqual([
    [0, 0],
    [0.4, 0],
    [0, 0.4],
    [0.4, 0.4],
  ]);
  expect(faceWindows({ width: 100, height: 80 })[0]).toEqual({ left: 0, top: -0.125, width: 1, height: 1.25 });
  const wide = faceWindows({ width: 300, height: 200 });
  expect(wide.slice(1, 3)).toEqual([
    { left: 0, top: 0, width: 2 / 3, height: 1 },
    { left: 1 / 3, top: 0, width: 2 / 3, height: 1 },
  ]);
  expect(wide.length).toBe(1 + 2 + 2 * 4);
  const high = faceWindows({ width: 200, height: 400 });
  expect(high.slice(1, 4).map(({ top }) => top)).toEqual([0, 0.25, 0.5]);
  for (const sides of [
    { width: 1024, height: 1 },
    { width: 1, height: 1024 },
    { width: 1, height: 1 },
  ])
    expect(faceWindows(sides).length).toBeLessThanOrEqual(1 + 8 + 16);
});
