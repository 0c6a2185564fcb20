import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { makeFontFolder, removeLeftFontFolders } from "./font-folder.ts";

test("the fonts of processes that were killed are removed, and those of live ones stay", async () => {
  const within = await mkdtemp(join(tmpdir(), "font-folders-"));
  try {
    const mine = basename(await makeFontFolder(within));
    // No process has this number on Linux. The other ones are the parent, and an earlier process with our number.
    const [dead, alive, earlier] = [4_194_305, process.ppid, process.pid].map((pid) => `sluice-fonts-${pid}-abcdef`);
    for (const name of [dead, alive, earlier, "sluice-fonts-", "others"]) {
      await mkdir(join(within, `${name}`, "text-1"), { recursive: true });
      await writeFile(join(within, `${name}`, "text-1", "font"), "brand");
    }
    await utimes(join(within, `${earlier}`), 1, 1);
    await removeLeftFontFolders(within);
    expect((await readdir(within)).sort()).toEqual([mine, alive, "sluice-fonts-", "others"].sort());
  } finally {
    await rm(within, { recursive: true });
  }
});
