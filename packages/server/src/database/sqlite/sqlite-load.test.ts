import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrationNames } from "../migrations/migrate.ts";
import { openSqliteLoad } from "./sqlite-load.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-load-"));
  path = join(folder, "sluice.sqlite");
});
afterEach(() => rm(folder, { recursive: true }));

const open = () => openSqliteLoad(path, migrationNames.at(-1) ?? "");

test("a database appears whole and alone, whatever an earlier filling has left", async () => {
  for (const end of ["", "-wal", "-shm", "-journal"]) await writeFile(`${path}-restoring${end}`, "rest");
  const load = await open();
  await load.finish();
  await load.close();
  expect(await readdir(folder)).toEqual(["sluice.sqlite"]);
});

test.each(["", "-wal", "-shm", "-journal"])(
  "a file sluice.sqlite%s is refused before and after the filling",
  async (end) => {
    const load = await open();
    await writeFile(`${path}${end}`, "of another database");
    await expect(load.finish()).rejects.toThrow(`there is a database at ${path}${end}`);
    await load.close();
    await expect(open()).rejects.toThrow(`there is a database at ${path}${end}`);
    expect(await readdir(folder)).toEqual([`sluice.sqlite${end}`]);
    expect(await readFile(`${path}${end}`, "utf8")).toBe("of another database");
  },
);
