import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { earlierVersion } from "../database/migrations/testing/earlier-version.ts";
import { createTestDatabase, describePostgres } from "../database/testing/postgres-database.ts";
import { runCommand } from "./testing/run-command.ts";

const commands = [
  ["serve", "--port", "0"],
  ["migrate"],
  ["fsck"],
  ["sweep"],
  ["account", "list"],
  ["account", "create", "more"],
  ["webhook", "list"],
  ["jobs", "list"],
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-earlier-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function expectRefusals(
  flags: readonly string[],
  lists: readonly (readonly string[])[],
  setting: string,
  what = "is of an earlier version of Sluice",
) {
  for (const command of lists) {
    const { code, printed, errors } = await runCommand([...command, ...flags]);
    expect({ command, code, printed }).toEqual({ command, code: 2, printed: "" });
    expect(errors).toMatch(new RegExp(`^sluice: ${setting}: .* ${what} [^\\n]*$`));
  }
}

/**
 * Names, permissions and bytes of the files below a folder. SQLite's index of its log is left out, since it is no data.
 */
async function contentOf(path: string): Promise<Record<string, string>> {
  const names = (await readdir(path, { recursive: true })).filter((name) => !name.endsWith("-shm")).sort();
  const entries = ["", ...names].map(async (name) => {
    const { mode } = await stat(join(path, name));
    const bytes = await readFile(join(path, name)).catch(() => "a folder");
    return [name, `${mode.toString(8)} ${createHash("sha256").update(bytes).digest("hex")}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

test("every command refuses an earlier version's file in one line, and touches nothing of its folder", async () => {
  const dataDir = join(folder, "data");
  await mkdir(dataDir);
  await chmod(dataDir, 0o755);
  const file = new DatabaseSync(join(dataDir, "sluice.sqlite"));
  file.exec(["pragma journal_mode = wal", ...earlierVersion()].join("; "));
  file.close();
  const before = await contentOf(dataDir);
  await expectRefusals(["--data-dir", dataDir], commands, "--data-dir");
  expect(await contentOf(dataDir)).toEqual(before);
});

test("an earlier version's file is recognised by rows that a crash has left in the log alone", async () => {
  const [crashed, dataDir] = [join(folder, "crashed"), join(folder, "data")];
  for (const path of [crashed, dataDir]) await mkdir(path);
  const file = new DatabaseSync(join(crashed, "sluice.sqlite"));
  file.exec(["pragma journal_mode = wal", "pragma wal_autocheckpoint = 0", ...earlierVersion()].join("; "));
  for (const name of ["sluice.sqlite", "sluice.sqlite-wal"]) await copyFile(join(crashed, name), join(dataDir, name));
  file.close();
  const before = await contentOf(dataDir);
  await expectRefusals(["--data-dir", dataDir], [["serve", "--port", "0"], ["fsck"]], "--data-dir");
  expect(await contentOf(dataDir)).toEqual(before);
});

const newer = "insert into sluice_migrations values ('9999-later', 'then')";
const refusedAsNewer = "was migrated by a newer version of Sluice \\(9999-later\\),";

test("every command refuses a newer version's file in one line", async () => {
  const flags = ["--data-dir", folder];
  expect(await runCommand(["migrate", ...flags])).toMatchObject({ code: 0 });
  const file = new DatabaseSync(join(folder, "sluice.sqlite"));
  file.exec(newer);
  file.close();
  await expectRefusals(flags, commands, "--data-dir", refusedAsNewer);
});

const above = "update node_floor set level = 1000, since = '9.9.0'";
const refusedAsOutdated = "is used with features that this version of Sluice \\([\\d.]+\\) doesn't know; use 9\\.9\\.0";

test("servers and commands refuse a library that is used with features of a newer version, in one line", async () => {
  const flags = ["--data-dir", folder];
  expect(await runCommand(["migrate", ...flags])).toMatchObject({ code: 0 });
  const file = new DatabaseSync(join(folder, "sluice.sqlite"));
  file.exec(above);
  file.close();
  await expectRefusals(flags, [["serve", "--port", "0"], ["sweep"]], "--data-dir", refusedAsOutdated);
});

describePostgres("on PostgreSQL", () => {
  test("servers and workers refuse a library that is used with features of a newer version, in one line", async () => {
    const { url, drop } = await createTestDatabase();
    const flags = ["--data-dir", join(folder, "data"), "--database-url", url];
    const client = new pg.Client({ connectionString: url });
    try {
      expect(await runCommand(["migrate", ...flags])).toMatchObject({ code: 0 });
      await client.connect();
      await client.query(above);
      const some = [["serve", "--port", "0", "--workers", "2"], ["worker"]];
      await expectRefusals(flags, some, "--database-url", refusedAsOutdated);
      expect((await client.query("select id from nodes")).rows).toEqual([]);
    } finally {
      await client.end();
      await drop();
    }
  });

  test("every command refuses a newer version's database in one line", async () => {
    const { url, drop } = await createTestDatabase();
    const flags = ["--data-dir", join(folder, "data"), "--database-url", url];
    const client = new pg.Client({ connectionString: url });
    try {
      expect(await runCommand(["migrate", ...flags])).toMatchObject({ code: 0 });
      await client.connect();
      await client.query(newer);
      await expectRefusals(
        flags,
        [["serve", "--port", "0"], ["migrate"], ["worker"]],
        "--database-url",
        refusedAsNewer,
      );
    } finally {
      await client.end();
      await drop();
    }
  });

  test("every command refuses an earlier version's database in one line, and touches nothing of it", async () => {
    const { url, drop } = await createTestDatabase();
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      for (const text of earlierVersion()) await client.query(text);
      const content = async () => [
        (await client.query("select oid, relname from pg_class order by oid")).rows,
        (await client.query("select nspname from pg_namespace order by 1")).rows,
        (await client.query("select *, xmin from sluice_migrations")).rows,
        (await client.query("select *, xmin from used_tokens")).rows,
      ];
      const before = await content();
      const flags = ["--data-dir", join(folder, "data"), "--database-url", url];
      await expectRefusals(flags, [...commands, ["worker"]], "--database-url");
      expect(await content()).toEqual(before);
      expect(await readdir(folder)).toEqual([]);
    } finally {
      await client.end();
      await drop();
    }
  });
});
