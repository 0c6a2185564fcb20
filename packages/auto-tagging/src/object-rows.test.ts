import { expect, test } from "vitest";
import { labels } from "./labels.ts";
import { objectsOfRows, tagsOfRows } from "./object-rows.ts";

const row = (score: number, label: number) => [0, 0, 10, 10, score, label];

test("there are 80 classes, each under a name of its own", () => {
  expect(new Set(labels).size).toBe(80);
  expect([labels[0], labels[15], labels[16], labels[79]]).toEqual(["Person", "Cat", "Dog", "Toothbrush"]);
});

test("each kind of thing is a tag once, as sure as the surest of its kind, the surest first", () => {
  const rows = [row(0.3, 16), row(0.51234, 15), row(0.2, 15), row(0.9, 0)];
  expect(tagsOfRows(rows)).toEqual([
    { name: "Person", confidence: 90 },
    { name: "Cat", confidence: 51.23 },
    { name: "Dog", confidence: 30 },
  ]);
});

test("what says nothing is left out, and nothing is surer than sure", () => {
  const rows = [
    row(Number.NaN, 1),
    row(0, 2),
    row(-1, 3),
    row(0.5, 80),
    row(0.5, Number.NaN),
    row(0.5, 1.5),
    [],
    row(1.2, 4),
  ];
  expect(tagsOfRows(rows)).toEqual([{ name: "Airplane", confidence: 100 }]);
});

test("an object that is likely there has a place in the picture, cut to the picture", () => {
  const rows = [
    [-64, 128, 256, 384, 0.5, 15],
    [0, 0, 512, 512, 0.29, 2],
    [128, 0, 256, 512, 0.7, 0],
    [300, 10, 200, 90, 0.9, 3],
    [Number.NaN, 0, 10, 10, 0.9, 3],
    [600, 0, 700, 10, 0.9, 3],
  ];
  expect(objectsOfRows(rows, 512)).toEqual([
    { name: "Person", confidence: 0.7, left: 0.25, top: 0, width: 0.25, height: 1 },
    { name: "Cat", confidence: 0.5, left: 0, top: 0.25, width: 0.5, height: 0.5 },
  ]);
});
