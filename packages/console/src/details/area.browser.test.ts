import { expect, test } from "vitest";
import { areaBetween, middleOf, moveArea, readArea, resizeArea, writeArea } from "./area.ts";

const size = { width: 100, height: 50 };

test("coordinates are read and written, and what is none is not an area", () => {
  const area = readArea("10,5,30,20", size);
  expect(area).toEqual({ x: 10, y: 5, width: 30, height: 20 });
  expect(area && writeArea(area)).toBe("10,5,30,20");
  expect(readArea("90,40,30,20", size)).toEqual({ x: 70, y: 30, width: 30, height: 20 });
  for (const wrong of [null, "", "1,2,3", "1,2,3,4,5", "a,2,3,4", "-1,0,5,5", "0,0,0,5", "100,0,5,5", "1.5,0,5,5"]) {
    expect(readArea(wrong, size)).toBeUndefined();
  }
});

test("an area stays in its picture, whatever is drawn", () => {
  expect(areaBetween({ x: 60, y: 40 }, { x: 20, y: 10 }, size)).toEqual({ x: 20, y: 10, width: 40, height: 30 });
  expect(areaBetween({ x: -9, y: -9 }, { x: 999, y: 999 }, size)).toEqual({ x: 0, y: 0, width: 100, height: 50 });
  expect(areaBetween({ x: 100, y: 50 }, { x: 100, y: 50 }, size)).toEqual({ x: 99, y: 49, width: 1, height: 1 });
  const area = { x: 20, y: 10, width: 40, height: 30 };
  expect(moveArea(area, { x: 500, y: -500 }, size)).toEqual({ ...area, x: 60, y: 0 });
  expect(resizeArea(area, { x: 500, y: -500 }, size)).toEqual({ ...area, width: 80, height: 1 });
  expect(middleOf(size)).toEqual({ x: 25, y: 12, width: 50, height: 25 });
  expect(middleOf({ width: 1, height: 1 })).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});
