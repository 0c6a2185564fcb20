import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimOwnerMark, makeOwnerMark, markedOwner } from "./owner-mark.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-owner-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("the mark of one who lives can't be claimed, that of one who let go can", async () => {
  const mark = makeOwnerMark(folder);
  const [name = ""] = await readdir(folder);
  expect(markedOwner(name)).toBe(mark.owner);
  expect(claimOwnerMark(folder, mark.owner)).toBeUndefined();
  mark.release();
  const claimed = claimOwnerMark(folder, mark.owner);
  await claimed?.remove();
  claimed?.release();
  expect(await readdir(folder)).toEqual([]);
});

test("an owner that has lost its mark is one that is dead", () => {
  const claimed = claimOwnerMark(folder, "0123456789abcdef");
  expect(claimed?.owner).toBe("0123456789abcdef");
  claimed?.release();
});

test("no other file's name marks an owner", () => {
  expect(markedOwner("0123456789abcdef.owner-journal")).toBeUndefined();
  expect(markedOwner("../456789abcdef.owner")).toBeUndefined();
});
