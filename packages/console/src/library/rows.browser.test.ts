import { expect, test } from "vitest";
import { heightOf, rowAt, topItemAt, topOf, topOfItem } from "./rows.ts";

const sizes = { folderRows: 3, folderHeight: 64, fileRows: 1_000_000, fileHeight: 200 };

test.each([0, 1, 2, 3, 4, 500_000, 1_000_002])("row %i is found at each of its pixels", (row) => {
  const height = row < 3 ? 64 : 200;
  expect(rowAt(topOf(row, sizes), sizes)).toBe(row);
  expect(rowAt(topOf(row, sizes) + height - 1, sizes)).toBe(row);
  expect(topOf(row + 1, sizes) - topOf(row, sizes)).toBe(height);
});

test("no row is before the first one or behind the last one", () => {
  expect(rowAt(-50, sizes)).toBe(0);
  expect(rowAt(heightOf(sizes) + 50, sizes)).toBe(1_000_002);
  expect(rowAt(10, { ...sizes, folderRows: 0, fileRows: 0 })).toBe(0);
});

test("the topmost item is the same with other columns", () => {
  const [wide, narrow] = [
    { folderRows: 2, folderHeight: 64, fileRows: 52, fileHeight: 200, columns: 5 },
    { folderRows: 4, folderHeight: 64, fileRows: 130, fileHeight: 180, columns: 2 },
  ];
  const file = topItemAt(2 * 64 + 10 * 200 + 30, wide);
  expect(file).toEqual({ isFolder: false, index: 50, offset: 30 });
  expect(topOfItem(file, narrow)).toBe(4 * 64 + 25 * 180 + 30);
  expect(topOfItem(file, wide)).toBe(2 * 64 + 10 * 200 + 30);
  expect(topItemAt(70, wide)).toEqual({ isFolder: true, index: 5, offset: 6 });
});
