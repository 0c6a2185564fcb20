import { mkdir, mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FreeSpace, type FreeSpaceOptions } from "./free-space.ts";
import { StorageError } from "./storage-error.ts";
import { mountTmpfs } from "./testing/mount-tmpfs.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-space-"));
  for (const name of ["spool", "blobs"]) await mkdir(join(folder, name));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function freeSpace(options: FreeSpaceOptions = {}, blobs = join(folder, "blobs")) {
  return new FreeSpace({ spool: join(folder, "spool"), blobs, database: folder }, options);
}

const free = async () => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

test("what fits passes, what does not is refused as a full disk", async () => {
  const space = freeSpace();
  await space.assert({ spool: 100_000, blobs: 100_000 });
  const tooMuch = { spool: 2 * (await free()), blobs: 0 };
  await expect(space.assert(tooMuch)).rejects.toMatchObject({ code: "STORAGE_FULL" });
});

test("blobs beside the spool need no room of their own", async () => {
  await freeSpace().assert({ spool: 0, blobs: 2 * (await free()) });
});

test("the reserve is kept free", async () => {
  const space = freeSpace({ reserve: 2 * (await free()) });
  await expect(space.assert({ spool: 0, blobs: 0 })).rejects.toMatchObject({ code: "STORAGE_FULL" });
});

test("a look that says yes is good for a while, one that says no for nobody else", async () => {
  const space = freeSpace({ maxAgeMs: 60_000 });
  await rm(join(folder, "spool"), { recursive: true });
  const needed = { spool: 1, blobs: 1 };
  await expect(space.assert(needed)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  await mkdir(join(folder, "spool"));
  await space.assert(needed);
  await rm(join(folder, "spool"), { recursive: true });
  await space.assert(needed);
  const impatient = freeSpace({ maxAgeMs: 0 });
  await expect(impatient.assert(needed)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("a look that says yes is no good any more once something could not be stored", async () => {
  const space = freeSpace({ maxAgeMs: 60_000 });
  const needed = { spool: 1, blobs: 1 };
  await space.assert(needed);
  await rm(join(folder, "spool"), { recursive: true });
  space.distrust();
  await expect(space.assert(needed)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
});

test("nor is one that was under way by then", async () => {
  const looked = Promise.withResolvers<void>();
  let looks = 0;
  const checkStore = () => (++looks === 1 ? looked.promise : Promise.resolve());
  const space = freeSpace({ maxAgeMs: 60_000, checkStore });
  const needed = { spool: 1, blobs: 1 };
  const early = space.assert(needed);
  space.distrust();
  looked.resolve();
  await early;
  await space.assert(needed);
  expect(looks).toBe(2);
});

test("blobs on a file system of their own need room there, and a writable one", async ({ skip }) => {
  const mount = await mountTmpfs("size=4m");
  if (mount === undefined) return skip("this process may not mount");
  try {
    const space = freeSpace({ maxAgeMs: 0 }, mount.path);
    await space.assert({ spool: 0, blobs: 2_000_000 });
    await writeFile(join(mount.path, "ballast"), Buffer.alloc(2_000_000));
    await expect(space.assert({ spool: 0, blobs: 2_000_000 })).rejects.toMatchObject({ code: "STORAGE_FULL" });
    await mount.remount("ro");
    await expect(space.assert({ spool: 0, blobs: 1 })).rejects.toMatchObject({ code: "STORAGE_READ_ONLY" });
  } finally {
    await mount.unmount();
  }
});

test("the disks are those of the folders that can be written to, and none for blobs on another machine", async () => {
  const { bsize, blocks } = await statfs(folder);
  const size = blocks * bsize;
  const folders = { spool: join(folder, "spool"), blobs: join(folder, "gone"), database: folder };
  const room = { size, free: expect.any(Number) };
  const found = [
    { folder: "data", ...room },
    { folder: "spool", ...room },
  ];
  expect(await new FreeSpace(folders).disks()).toEqual(found);
  expect(await new FreeSpace({ ...folders, blobs: undefined }).disks()).toEqual(found);
});

test("blobs on another machine need no room on this one, but their store has to be well", async () => {
  let asked = 0;
  let problem: Error | undefined;
  const checkStore = async () => {
    asked++;
    if (problem !== undefined) throw problem;
  };
  const folders = { spool: join(folder, "spool"), blobs: undefined, database: folder };
  const space = new FreeSpace(folders, { maxAgeMs: 60_000, checkStore });
  await Promise.all([1, 2, 3].map(() => space.assert({ spool: 1, blobs: 1e15 })));
  expect(asked).toBe(1);
  problem = new StorageError("STORAGE_FAILED", "gone");
  const impatient = new FreeSpace(folders, { maxAgeMs: 0, checkStore });
  await expect(impatient.assert({ spool: 1, blobs: 1 })).rejects.toBe(problem);
});
