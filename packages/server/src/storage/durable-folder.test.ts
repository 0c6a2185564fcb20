import { chmod, mkdtemp, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeDurableFolder } from "./durable-folder.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-durable-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("makes the parents it lacks, all of them private", async () => {
  await makeDurableFolder(join(folder, "a/b/c"));
  for (const path of ["a", "a/b", "a/b/c"]) expect((await stat(join(folder, path))).mode & 0o777, path).toBe(0o700);
});

test("takes a folder as it finds it, behind a link too", async () => {
  await makeDurableFolder(folder);
  await symlink(folder, join(folder, "link"));
  await makeDurableFolder(join(folder, "link/a"));
  expect((await stat(join(folder, "a"))).isDirectory()).toBe(true);
});

test("fails where something else has the name", async () => {
  await writeFile(join(folder, "file"), "");
  await expect(makeDurableFolder(join(folder, "file"))).rejects.toMatchObject({ code: "EEXIST" });
  await expect(makeDurableFolder(join(folder, "file/a"))).rejects.toMatchObject({ code: "ENOTDIR" });
});

test("takes a folder in a parent that may not be read", async () => {
  await chmod(folder, 0o755);
  const path = join(folder, "parent", "data");
  await makeDurableFolder(path);
  await chmod(join(folder, "parent"), 0o111);
  const root = process.geteuid?.() === 0;
  try {
    // Nothing is forbidden to root.
    if (root) process.seteuid?.(65_534);
    await makeDurableFolder(path);
  } finally {
    if (root) process.seteuid?.(0);
    await chmod(join(folder, "parent"), 0o700);
  }
});

test.runIf(process.platform === "linux")(
  "a place where no folder can be is refused instead of tried for ever",
  async () => {
    await expect(makeDurableFolder("/proc/sluice/data")).rejects.toMatchObject({ code: "ENOENT" });
  },
);
