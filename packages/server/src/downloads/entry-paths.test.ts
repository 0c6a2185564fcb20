import { expect, test } from "vitest";
import { distinctNames, entryPaths } from "./zip-selection.ts";

test("files keep their folders and their names", () => {
  expect(entryPaths([["trip", "day_1", "a.jpg"], ["trip", "a.jpg"], ["Größe_日本.jpg"], [".hidden"]])).toEqual([
    "trip/day_1/a.jpg",
    "trip/a.jpg",
    "Größe_日本.jpg",
    ".hidden",
  ]);
});

test.each([
  [["..", "etc", "passwd"], "__/etc/passwd"],
  [[".", "a"], "_/a"],
  [["/etc/passwd"], "_etc_passwd"],
  [["../../a"], ".._.._a"],
  [["C:\\windows", "a"], "C__windows/a"],
  [["a\0b\n\u202Egpj.exe"], "a_b__gpj.exe"],
  [["dots..."], "dots___"],
  [["space "], "space_"],
  [["CON"], "_CON"],
  [["com1.txt"], "_com1.txt"],
  [["console.txt"], "console.txt"],
  [["", "a"], "_/a"],
  [["ae\u0301"], "aé"],
])("%j is made safe as %j", (segments, path) => {
  expect(entryPaths([segments])).toEqual([path]);
});

test("a name that comes twice gets a number, whatever its case is", () => {
  expect(entryPaths([["a.jpg"], ["A.JPG"], ["a (2).jpg"], ["a.jpg"], ["b", "a.jpg"]])).toEqual([
    "a.jpg",
    "A (2).JPG",
    "a (2) (2).jpg",
    "a (3).jpg",
    "b/a.jpg",
  ]);
  expect(entryPaths([[".env"], [".env"], ["x.y", "name"], ["x.y", "name"]])).toEqual([
    ".env",
    ".env (2)",
    "x.y/name",
    "x.y/name (2)",
  ]);
  expect(distinctNames(["photos", "Photos", "other"])).toEqual(["photos", "Photos (2)", "other"]);
});

test("no file takes the place of a folder", () => {
  expect(entryPaths([["a"], ["a", "b"], ["a", "b", "c"]])).toEqual(["a (2)", "a/b (2)", "a/b/c"]);
});

test("thousands of files with one name take no longer than others", () => {
  const started = performance.now();
  const paths = entryPaths(Array.from({ length: 20_000 }, () => ["a.jpg"]));
  expect(paths.at(-1)).toBe("a (20000).jpg");
  expect(new Set(paths).size).toBe(20_000);
  expect(performance.now() - started).toBeLessThan(2000);
});
