import { chmod, lstat, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { prepareAccount } from "../accounts/account-transactions.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { makePrivateFolder } from "./data-folder.ts";
import { openDatabase } from "./open-database.ts";

let parent: string;
let folder: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "sluice-data-folder-"));
  folder = join(parent, "data");
});
afterEach(() => rm(parent, { recursive: true }));

const modeOf = async (path: string) => ((await lstat(path)).mode & 0o7777).toString(8);

/** Makes a data folder of this mode, in which everybody may read each of the files. */
async function makeOpenFolder(files: readonly string[], mode = 0o755): Promise<void> {
  await mkdir(folder);
  for (const name of files) {
    await writeFile(join(folder, name), name);
    await chmod(join(folder, name), 0o644);
  }
  await chmod(folder, mode);
}

async function prepare(): Promise<string[]> {
  const warnings: string[] = [];
  await makePrivateFolder(folder, (warning) => warnings.push(warning));
  return warnings;
}

const secrets = [
  "sluice.sqlite",
  "sluice.sqlite-wal",
  "sluice.sqlite-shm",
  "private-key-demo.txt",
  "secrets-key.txt",
  "secrets-key.0a1b2c3d.txt",
  "webhook-url-secret-demo.txt",
  "webhook-secret-6b0649532c604c5bd982387b.txt",
];

test("a folder that is not there is made for its owner alone", async () => {
  expect(await prepare()).toEqual([]);
  expect(await modeOf(folder)).toBe("700");
});

test("a folder that holds Sluice's files alone is closed, and so are the files of secrets in it", async () => {
  await makeOpenFolder(secrets);
  for (const name of ["blobs", "spool", "derived", "lost+found"]) await mkdir(join(folder, name), { mode: 0o755 });
  expect(await prepare()).toEqual([]);
  expect(await modeOf(folder)).toBe("700");
  for (const name of secrets) expect(await modeOf(join(folder, name)), name).toBe("600");
  // Permissions of anything else are left alone.
  expect(await modeOf(join(folder, "blobs"))).toBe("755");
});

test("an empty folder that was made for it is closed, and keeps what else its mode says", async () => {
  await makeOpenFolder([], 0o2775);
  expect(await prepare()).toEqual([]);
  expect(await modeOf(folder)).toBe("2700");
});

test("a folder that others may need is left as it is, with a warning that names why; the secrets in it are closed", async () => {
  await makeOpenFolder([...secrets, "notes.txt"]);
  expect(await prepare()).toEqual([expect.stringMatching(/data \(mode 755\).*notes\.txt.*chmod 700/)]);
  expect(await modeOf(folder)).toBe("755");
  expect(await modeOf(join(folder, "notes.txt"))).toBe("644");
  for (const name of secrets) expect(await modeOf(join(folder, name)), name).toBe("600");
});

test("a folder like /tmp is left as it is, though it is empty", async () => {
  await makeOpenFolder([], 0o1777);
  expect(await prepare()).toEqual([expect.stringContaining("sticky")]);
  expect(await modeOf(folder)).toBe("1777");
});

test("a folder that others can't get into is nobody's business, whatever it holds", async () => {
  await makeOpenFolder(["notes.txt"], 0o700);
  expect(await prepare()).toEqual([]);
  expect(await modeOf(join(folder, "notes.txt"))).toBe("644");
});

test("a link is not followed out of the folder, and what it leads to is warned of", async () => {
  await makeOpenFolder(["private-key-demo.txt"]);
  const elsewhere = join(parent, "elsewhere");
  await writeFile(elsewhere, "");
  await chmod(elsewhere, 0o644);
  await symlink(elsewhere, join(folder, "sluice.sqlite"));
  await symlink(join(parent, "nothing"), join(folder, "sluice.sqlite-wal"));
  expect(await prepare()).toEqual([expect.stringMatching(/sluice\.sqlite links to \(mode 644\)/)]);
  expect(await modeOf(elsewhere)).toBe("644");
  expect(await modeOf(join(folder, "private-key-demo.txt"))).toBe("600");
});

test("a data folder that is a link is closed where it leads", async () => {
  await makeOpenFolder(["sluice.sqlite"]);
  const real = folder;
  folder = join(parent, "link");
  await symlink(real, folder);
  expect(await prepare()).toEqual([]);
  expect(await modeOf(real)).toBe("700");
  expect(await modeOf(join(real, "sluice.sqlite"))).toBe("600");
});

test.skipIf(process.getuid?.() !== 0)(
  "permissions that can't be changed are warned of, and nothing fails",
  async () => {
    await makeOpenFolder(["sluice.sqlite"]);
    await chmod(parent, 0o755);
    let warnings: string[];
    // A user that does not own the files.
    process.seteuid?.(65534);
    try {
      warnings = await prepare();
    } finally {
      process.seteuid?.(0);
    }
    expect(warnings).toEqual([
      expect.stringMatching(/data \(mode 755\): EPERM/),
      expect.stringMatching(/sluice\.sqlite \(mode 644\): EPERM/),
    ]);
  },
);

describe("the database's files", () => {
  /** The files that SQLite makes while the database is open. */
  const files = ["sluice.sqlite", "sluice.sqlite-wal", "sluice.sqlite-shm"];

  async function modesWhileOpen(): Promise<string[]> {
    const database = await openDatabase(resolveConfig({ dataDir: folder }));
    try {
      await database.run(prepareAccount, { imagekitId: "demo", now: 1 });
      return await Promise.all(files.map((name) => modeOf(join(folder, name))));
    } finally {
      await database.close();
    }
  }

  test("are their owner's alone from the beginning, in a folder that everybody may read", async () => {
    await makeOpenFolder([], 0o777);
    expect(await modesWhileOpen()).toEqual(["600", "600", "600"]);
  });

  test("are so when an earlier version has made the database, once the folder has been prepared", async () => {
    await makeOpenFolder([]);
    await modesWhileOpen();
    await chmod(join(folder, "sluice.sqlite"), 0o644);
    expect(await modesWhileOpen()).toEqual(["644", "644", "644"]);
    await prepare();
    expect(await modesWhileOpen()).toEqual(["600", "600", "600"]);
  });
});
