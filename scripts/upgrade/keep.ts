import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { fillLibrary } from "../../acceptance/src/harness/full-library.ts";
import { startServerProcess } from "../../acceptance/src/harness/server.ts";
import { startWebhookReceiver } from "../../acceptance/src/harness/webhook-receiver.ts";
import { createDatabase } from "../services/databases.ts";
import { startPostgres } from "../services/postgres.ts";
import { findPostgresPrograms } from "../services/postgres-programs.ts";
import { type KeptEngine, keptFile } from "./kept.ts";
import { findRelease } from "./released.ts";
import { type ReleasedSources, unpackRelease } from "./released-sources.ts";

// node --conditions=sluice-source scripts/upgrade/keep.ts 0.2.0: see docs/releasing.md.

const run = promisify(execFile);

async function keep(version: string): Promise<void> {
  const release = findRelease(version);
  if (typeof release === "string") throw new Error(release);
  const sources = await unpackRelease(release);
  try {
    // Neither file is written unless both databases could be made.
    const made: [KeptEngine, Buffer][] = [
      ["sqlite", await makeSqlite(sources)],
      ["postgres", await makePostgres(sources)],
    ];
    for (const [engine, content] of made) {
      const file = keptFile(version, engine);
      await mkdir(new URL(".", file), { recursive: true });
      await writeFile(file, gzipSync(content, { level: 9 }));
    }
  } finally {
    await sources.remove();
  }
}

async function makeSqlite(sources: ReleasedSources): Promise<Buffer> {
  return withLibrary(sources, {}, async (dataDir) => {
    const file = join(dataDir, "sluice.sqlite");
    const database = new DatabaseSync(file);
    database.exec("pragma wal_checkpoint(truncate)");
    database.close();
    return readFile(file);
  });
}

async function makePostgres(sources: ReleasedSources): Promise<Buffer> {
  const server = await startPostgres();
  try {
    await createDatabase(server.url, "sluice");
    const url = Object.assign(new URL(server.url), { pathname: "sluice" }).href;
    return await withLibrary(sources, { SLUICE_DATABASE_URL: url }, async () => {
      const program = join(findPostgresPrograms() ?? "", "pg_dump");
      const { stdout } = await run(program, ["--inserts", "--no-owner", "--no-privileges", url], {
        maxBuffer: 64 * 1024 ** 2,
      });
      return Buffer.from(stdout.replace(notForEveryServer, ""));
    });
  } finally {
    await server.stop();
  }
}

/** Lines of a dump that only psql reads, and a setting that PostgreSQL does not know before version 17. */
const notForEveryServer = /^(\\(un)?restrict .*|SET transaction_timeout = 0;)\n/gm;

/** Has the released version make and fill a library, and use its database when the server has ended. */
async function withLibrary<Result>(
  { command }: ReleasedSources,
  environment: Readonly<Record<string, string>>,
  use: (dataDir: string) => Promise<Result>,
): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), "sluice-kept-"));
  const receiver = await startWebhookReceiver();
  try {
    const flags = ["--allow-private-networks", "--no-auto-tagging"];
    const server = await startServerProcess({ dataDir, flags, environment, program: command });
    try {
      await fillLibrary(server.url, receiver.url);
    } finally {
      await server.stop();
    }
    return await use(dataDir);
  } finally {
    await receiver.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const [version] = process.argv.slice(2);
if (version === undefined) {
  console.error("keep: name a released version: node --conditions=sluice-source scripts/upgrade/keep.ts 0.2.0");
  process.exit(2);
}
await keep(version).catch((error: unknown) => {
  console.error(`keep: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
