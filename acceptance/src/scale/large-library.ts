import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { expect } from "vitest";
import { dropDatabase, ensureDatabase } from "../../../scripts/services/databases.ts";
import { root } from "../harness/launch.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadWithToken } from "../harness/upload.ts";

/** A server with a library of a given size. */
export interface LargeLibrary {
  readonly files: number;
  readonly server: ServerProcess;
  /** Milliseconds from the command until the server was ready, with the data in place. */
  readonly startMs: number;
  /** Seconds that the seeding took. */
  readonly seedSeconds: number;
  /** Bytes of the database as it was seeded. */
  readonly bytes: number;
  /** Counts the delays of the event loop from now on. */
  restartLoopCount(): void;
  /** Ends the server. @returns the delay of its event loop since the count was restarted, in ms; undefined if unknown */
  close(): Promise<number | undefined>;
}

/** Number of files that have bytes: `/photos/photo-<number>.txt`. */
export const deliverableFiles = 20;

/** `SLUICE_SCALE_KEEP=folder` keeps seeded libraries there, and the next run takes them as they are. */
const keptIn = process.env.SLUICE_SCALE_KEEP;

/**
 * Starts a server, and has the bench's seeding fill its library while it is stopped.
 * @param postgres the URL of PostgreSQL's server; undefined for SQLite
 * @param shape "one folder" for a library with all files in `/seed/large`
 */
export async function openLibrary(
  files: number,
  postgres: string | undefined,
  shape: "folders" | "one folder" = "folders",
): Promise<LargeLibrary> {
  const isFlat = shape === "one folder";
  const keeps = keptIn !== undefined && files > 0;
  const dataDir = keeps
    ? join(keptIn, `${postgres ? "postgres" : "sqlite"}-${files}${isFlat ? "-flat" : ""}`)
    : await mkdtemp(join(tmpdir(), "sluice-scale-"));
  const isSeeded = keeps && existsSync(join(dataDir, seeded));
  const name = `sluice_scale_${keeps ? "kept" : process.pid}_${files}${isFlat ? "_flat" : ""}`;
  if (postgres) await ensureDatabase(postgres, name);
  const databaseUrl = postgres ? Object.assign(new URL(postgres), { pathname: name }).href : undefined;
  const environment = databaseUrl === undefined ? {} : { SLUICE_DATABASE_URL: databaseUrl };
  const seedBegun = performance.now();
  if (!isSeeded) {
    const first = await startServerProcess({ dataDir, environment });
    for (let number = 0; number < deliverableFiles; number++) {
      const fields = { fileName: `photo-${number}.txt`, folder: "/photos", useUniqueFileName: "false" };
      expect((await uploadWithToken(first.url, "the only content", fields)).status).toBe(200);
    }
    await first.stop();
    if (files > 0) await seed(files, isFlat, dataDir, databaseUrl);
    if (keeps) await writeFile(join(dataDir, seeded), "");
  }
  const seedSeconds = (performance.now() - seedBegun) / 1000;
  const bytes = await databaseBytes(dataDir, databaseUrl);
  const loop = await mkdtemp(join(tmpdir(), "sluice-loop-"));
  const probe = {
    NODE_OPTIONS: `--import=${root}bench/src/process/event-loop-probe.ts`,
    BENCH_EVENT_LOOP_FOLDER: loop,
  };
  const startBegun = performance.now();
  const server = await startServerProcess({ dataDir, environment: { ...environment, ...probe } });
  return {
    files,
    server,
    startMs: performance.now() - startBegun,
    seedSeconds,
    bytes,
    restartLoopCount: () => void server.process.kill("SIGUSR2"),
    async close() {
      const pid = server.process.pid;
      await server.stop();
      const delay = await readFile(join(loop, `${pid}.json`), "utf8").catch(() => undefined);
      if (postgres && !keeps) await dropDatabase(postgres, name);
      for (const folder of keeps ? [loop] : [dataDir, loop]) await rm(folder, { recursive: true, force: true });
      return delay === undefined ? undefined : (JSON.parse(delay) as { p999: number }).p999;
    },
  };
}

/** The file that says that a kept library is seeded to the end. */
const seeded = "seeded";

async function seed(files: number, isFlat: boolean, dataDir: string, databaseUrl: string | undefined): Promise<void> {
  const place = [
    ...["--data-dir", dataDir, ...(isFlat ? ["--one-folder"] : [])],
    ...(databaseUrl === undefined ? [] : ["--database-url", databaseUrl]),
  ];
  const script = ["--conditions=sluice-source", "bench/src/library/main.ts", "--files", String(files), ...place];
  const child = spawn(process.execPath, script, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  expect(code, "the seeding's exit code").toBe(0);
}

async function databaseBytes(dataDir: string, databaseUrl: string | undefined): Promise<number> {
  if (databaseUrl === undefined) {
    const names = (await readdir(dataDir)).filter((name) => name.startsWith("sluice.sqlite"));
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(dataDir, name))).size));
    return sizes.reduce((sum, size) => sum + size, 0);
  }
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("select pg_database_size(current_database()) as bytes");
    return Number(rows[0]?.bytes);
  } finally {
    await client.end();
  }
}
