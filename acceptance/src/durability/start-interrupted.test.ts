import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivatePostgres, startPostgres } from "../../../scripts/services/postgres.ts";
import { findPostgresPrograms } from "../../../scripts/services/postgres-programs.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { root, sluiceCommand } from "../harness/launch.ts";
import { listen } from "../harness/listen.ts";
import { describeWhere } from "../harness/needs.ts";
import { startServerProcess } from "../harness/server.ts";

const commands = ["serve", "worker"] as const;
type Command = (typeof commands)[number];
/** The flags of each command. A server listens before it looks at its data, so it needs a port. */
const ownFlags: Readonly<Record<Command, readonly string[]>> = { serve: ["--port", "0"], worker: [] };
/** Credentials, which the start requires before it looks at a bucket. */
const awsKeys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
type Clients = [pg.Client, pg.Client];

/** Starts the command, tells it to end once it waits, and expects it to end at once and without complaint. */
async function expectPromptEnd(command: Command, flags: readonly string[], waits: () => Promise<unknown>) {
  const args = [...sluiceCommand, command, ...ownFlags[command], ...flags, "--log-level", "error"];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...awsKeys },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  try {
    await waits();
    const askedAt = performance.now();
    child.kill("SIGTERM");
    const [code] = await exited;
    expect({ code, output: output.replace(/.*ExperimentalWarning.*\n|.*--trace-warnings.*\n/g, "") }).toEqual({
      code: 0,
      output: "",
    });
    expect(performance.now() - askedAt).toBeLessThan(5000);
  } finally {
    child.kill("SIGKILL");
  }
}

test.each(commands)(
  "sluice %s ends on the first SIGTERM while its start waits for a database that hangs",
  async (command) => {
    const database = createServer(() => undefined);
    const listening = await listen(database);
    try {
      await withTemporaryFolder(async (dataDir) => {
        const url = `postgres://sluice:secret@127.0.0.1:${listening.port}/sluice`;
        const flags = ["--data-dir", dataDir, "--database-url", url];
        await expectPromptEnd(command, flags, () => once(database, "connection"));
      });
    } finally {
      await listening.close();
    }
  },
);

test("sluice serve ends on the first SIGTERM while its start waits for a bucket that hangs", async () => {
  const store = createServer(() => undefined);
  const listening = await listen(store);
  try {
    await withTemporaryFolder(async (dataDir) => {
      const url = `s3://bucket?endpoint=http://127.0.0.1:${listening.port}&region=us-east-1&forcePathStyle=true`;
      await expectPromptEnd("serve", ["--data-dir", dataDir, "--storage-url", url], () => once(store, "connection"));
    });
  } finally {
    await listening.close();
  }
});

describeWhere(findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : undefined, "a start", () => {
  let database: PrivatePostgres;
  beforeAll(async () => {
    database = await startPostgres();
    const server = await startServerProcess({ flags: ["--database-url", database.url] });
    await server.stop();
  });
  afterAll(() => database?.stop());

  test.each(commands)("of sluice %s that waits for another's migration ends on the first SIGTERM", async (command) => {
    const [other, observer] = [1, 2].map(() => new pg.Client({ connectionString: database.url })) as Clients;
    await Promise.all([other.connect(), observer.connect()]);
    try {
      const { rows } = await observer.query("select tablename as name from pg_tables where tablename ~ 'migration'");
      await other.query(`begin; lock table ${rows.map(({ name }) => name).join()} in access exclusive mode`);
      const waiting = "select 1 from pg_stat_activity where application_name = 'sluice' and wait_event_type = 'Lock'";
      await withTemporaryFolder((dataDir) =>
        expectPromptEnd(command, ["--data-dir", dataDir, "--database-url", database.url], () =>
          expect.poll(async () => (await observer.query(waiting)).rowCount).toBe(1),
        ),
      );
    } finally {
      await Promise.all([other.end(), observer.end()]);
    }
  });
});
