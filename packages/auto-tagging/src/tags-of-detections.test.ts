import { expect, test } from "vitest";
import { labels } from "./labels.ts";
import { tagsOfDetections } from "./tags-of-detections.ts";

const row = (score: number, label: number) => [0, 0, 10, 10, score, label];

test("there are 80 classes, each under a name of its own", () => {
  expect(new Set(labels).size).toBe(80);
  expect([labels[0], labels[15], labels[16], labels[79]]).toEqual(["Person", "Cat", "Dog", "Toothbrush"]);
});

test("each kind of thing is a tag once, as sure as the surest of its kind, the surest first", () => {
  const rows = [row(0.3, 16), row(0.51234, 15), row(0.2, 15), row(0.9, 0)];
  expect(tagsOfDetections(rows)).toEqual([
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
  expect(tagsOfDetections(rows)).toEqual([{ name: "Airplane", confidence: 100 }]);
});
