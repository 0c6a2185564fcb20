import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ExportPaths } from "./export-paths.ts";

let folder: string;
let paths: ExportPaths;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-paths-"));
  paths = new ExportPaths(join(folder, "paths.sqlite"));
});
afterEach(async () => {
  paths.close();
  await rm(folder, { recursive: true });
});

const place = (path: string, id: string) => {
  const slash = path.lastIndexOf("/");
  return paths.ofFile({ id, folder: path.slice(0, slash) || "/", name: path.slice(slash + 1) });
};

test("a file lies by its path, each time that it is asked for", () => {
  expect(place("/a/b.txt", "1")).toBe("a/b.txt");
  expect(place("/top.txt", "2")).toBe("top.txt");
  expect(place("/a/b.txt", "1")).toBe("a/b.txt");
});

test("names that differ in their case alone have places of their own, and so have folders", () => {
  expect(place("/A.txt", "1")).toBe("A.txt");
  expect(place("/a.txt", "2")).toBe("a~2.txt");
  expect(place("/Dir/x", "3")).toBe("Dir/x");
  expect(place("/dir/x", "4")).toMatch(/^dir~[0-9a-f]{16}\/x$/);
  expect(place("/dir/y", "5")).toMatch(/^dir~[0-9a-f]{16}\/y$/);
});

test("a file may be called like a folder, and like what another file was given", () => {
  expect(place("/a/b", "1")).toBe("a/b");
  expect(place("/a", "2")).toBe("a~2");
  expect(place("/x", "3")).toBe("x");
  expect(place("/x/y", "4")).toMatch(/^x~[0-9a-f]{16}\/y$/);
  expect(place("/a~5", "6")).toBe("a~5");
  expect(place("/A", "5")).toBe("A~5-2");
});

test("no path leads out of the folder, nor is it too long for a file system", () => {
  expect(place("/../../etc/passwd", "1")).toBe("__/__/etc/passwd");
  const deep = `/${Array.from({ length: 50 }, () => "d".repeat(100)).join("/")}/x.txt`;
  expect(Buffer.byteLength(place(deep, "2"))).toBeLessThan(1000);
});
