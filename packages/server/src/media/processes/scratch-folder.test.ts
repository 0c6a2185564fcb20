import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { isOwnFolder, makeScratchFolder, removeAll, removeLeftScratchFolders } from "./scratch-folder.ts";

test("the fonts of processes that were killed are removed, and those of live ones stay", async () => {
  const within = await mkdtemp(join(tmpdir(), "font-folders-"));
  try {
    const mine = basename(await makeScratchFolder(within));
    // No process has this number on Linux. The other ones are the parent, and an earlier process with our number.
    const prefix = mine.slice(0, mine.indexOf(`${process.pid}-`));
    const [dead, alive, earlier] = [4_194_305, process.ppid, process.pid].map((pid) => `${prefix}${pid}-abcdef`);
    for (const name of [dead, alive, earlier, "sluice-media-", "others"]) {
      await mkdir(join(within, `${name}`, "text-1"), { recursive: true, mode: 0o700 });
      await writeFile(join(within, `${name}`, "text-1", "font"), "brand");
    }
    await utimes(join(within, `${earlier}`), 1, 1);
    await removeLeftScratchFolders(within);
    expect((await readdir(within)).sort()).toEqual([mine, alive, "sluice-media-", "others"].sort());
  } finally {
    await rm(within, { recursive: true });
  }
});

test("what others have made under such a name is not followed", async () => {
  const within = await mkdtemp(join(tmpdir(), "font-folders-"));
  try {
    const mine = await makeScratchFolder(within);
    const name = (end: string) => mine.replace(`${process.pid}-`, "4194305-").slice(0, -6) + end;
    const precious = join(within, "precious");
    await mkdir(precious, { mode: 0o700 });
    await writeFile(join(precious, "file"), "kept");
    // A link, and a folder that others may write to.
    await symlink(precious, name("abcdef"));
    await mkdir(name("ghijkl"));
    await chmod(name("ghijkl"), 0o1777);
    await symlink(precious, join(name("ghijkl"), "a"));
    const before = await readdir(within);
    await removeLeftScratchFolders(within);
    expect(await readdir(within)).toEqual(before);
    expect(await readdir(precious)).toEqual(["file"]);
    expect(await isOwnFolder(mine)).toBe(true);
    for (const end of ["abcdef", "ghijkl", "nobody"]) expect(await isOwnFolder(name(end))).toBe(false);
    await removeLeftScratchFolders(join(within, "nowhere"));
  } finally {
    await rm(within, { recursive: true });
  }
});

test("a folder that can't be removed leaves no other one behind", async () => {
  const within = await mkdtemp(join(tmpdir(), "font-folders-"));
  const folders = [join(within, "first"), join(within, "second")];
  for (const folder of folders) await mkdir(folder);
  // No path holds this character.
  removeAll(["\0", ...folders]);
  expect(await readdir(within)).toEqual([]);
  await rm(within, { recursive: true });
});
