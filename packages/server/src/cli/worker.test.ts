import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { expect, test } from "vitest";
import { migratePostgres } from "../database/postgres/postgres-database.ts";
import { createTestDatabase, describePostgres, poolLimits } from "../database/testing/postgres-database.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { openUploadFixture } from "../testing/upload-fixture.ts";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));

function startWorker(...flags: string[]): { child: ChildProcess; output: Promise<string>; ended: Promise<unknown[]> } {
  const child = spawn(process.execPath, ["--conditions=sluice-source", main, "worker", ...flags], {
    // A pair that the servers don't have: a worker must not bring one in.
    env: { ...process.env, SLUICE_PUBLIC_KEY: "public_other", SLUICE_PRIVATE_KEY: "private_other" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = Promise.all([text(child.stdout), text(child.stderr)]).then((streams) => streams.join(""));
  return { child, output, ended: once(child, "exit") };
}

test("without PostgreSQL the worker is refused in one line, and makes nothing", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-worker-"));
  try {
    const { output, ended } = startWorker("--data-dir", join(folder, "data"));
    expect(await ended).toEqual([2, null]);
    expect(await output).toMatch(/^sluice: .*--database-url.*\n$/);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describePostgres("sluice worker on PostgreSQL", () => {
  test("runs the jobs alone, listens nowhere but for its metrics, and ends with 0 on SIGTERM", async () => {
    const { url, drop } = await createTestDatabase();
    const fixture = await openUploadFixture({ prepare: async () => ({ settings: { databaseUrl: url }, drop }) });
    const { config, parts, principal } = fixture;
    fixture.time -= 2 * config.limits.sweepGraceMs;
    const { file_id: fileId } = await fixture.upload("long gone");
    await parts.database.run(removeFileTransaction, { accountId: principal.accountId, fileId });
    const keyPairs = () => parts.database.reader.selectFrom("key_pairs").selectAll().orderBy("id").execute();
    const before = await keyPairs();
    const flags = ["--data-dir", config.dataDir, "--database-url", url, "--plan", "pro", "--metrics-port", "0"];
    const { child, output, ended } = startWorker(...flags);
    let told = "";
    let complaints = "";
    child.stderr?.on("data", (chunk) => {
      complaints += String(chunk);
    });
    child.stdout?.on("data", (chunk) => {
      told += String(chunk);
    });
    try {
      await expect.poll(() => fixture.storedKeys()).toEqual([]);
      const done = async () => (await fetch(/http:\S+/.exec(told)?.[0] ?? "http://127.0.0.1:1")).text();
      await expect.poll(done).toContain('sluice_jobs_total{kind="sweep-blobs",outcome="done"} 1');
      expect(await done()).toMatch(/^sluice_commits_total\{process="1"\} [1-9]/m);
      child.kill("SIGUSR2");
      await expect.poll(() => complaints).toBe("sluice: SIGUSR2 is ignored: sluice serve alone restarts workers\n");
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
      expect(await output).toMatch(/^Sluice is running jobs\.$/m);
      expect(await output).not.toMatch(/listening|"level":(40|50)/);
      expect(await keyPairs()).toEqual(before);
    } finally {
      child.kill("SIGKILL");
      await ended;
      await fixture.close();
    }
  });

  test("ends on SIGTERM in the time of its limits, though the database keeps its job waiting", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-worker-"));
    const { url, drop } = await createTestDatabase();
    await migratePostgres(url, poolLimits);
    const [holder, observer] = [new pg.Client({ connectionString: url }), new pg.Client({ connectionString: url })];
    await Promise.all([holder.connect(), observer.connect()]);
    await holder.query("begin; lock table used_tokens");
    const limits = "database-seconds=3,shutdown-seconds=0";
    const { child, ended } = startWorker("--data-dir", folder, "--database-url", url, "--limit", limits);
    try {
      const waiting = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
      await expect.poll(async () => (await observer.query(waiting)).rowCount).toBe(1);
      child.kill("SIGTERM");
      expect(await ended).toEqual([0, null]);
    } finally {
      child.kill("SIGKILL");
      await ended;
      await Promise.all([holder.end(), observer.end()]);
      await drop();
      await rm(folder, { recursive: true });
    }
  });
});
