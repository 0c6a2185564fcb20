import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Acknowledged, acknowledged, expectKept } from "../harness/acknowledged.ts";
import { expectUnavailable } from "../harness/expectations.ts";
import { expectClean } from "../harness/fsck.ts";
import { type RunningServer, startServer } from "../harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

let server: RunningServer;
let kept: Acknowledged[];
const before = Buffer.from("before");
beforeAll(async () => {
  server = await startServer();
  kept = [acknowledged(await uploadBasic(server.url, before, { fileName: "before.txt" }), before)];
});
afterAll(() => server?.stop());

/** Begins to write as another program would. @returns a function that releases the lock */
function lockDatabase(): () => void {
  // The server's own jobs may be writing at this moment.
  const database = new DatabaseSync(join(server.dataDir, "sluice.sqlite"), { timeout: 10_000 });
  database.exec("begin immediate");
  return () => database.close();
}

test("uploads wait while another program writes, files are delivered meanwhile, and nobody notices", async () => {
  const unlock = lockDatabase();
  const content = Buffer.from("patient");
  const uploads = [
    uploadBasic(server.url, content, { fileName: "basic.txt" }),
    uploadWithToken(server.url, content, { fileName: "token.txt" }),
  ];
  try {
    const since = performance.now();
    await expectKept(server.url, kept);
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect(performance.now() - since, "reads don't wait for the lock").toBeLessThan(5000);
    expect(await Promise.race([Promise.race(uploads), wait(1000, "waiting")])).toBe("waiting");
  } finally {
    unlock();
  }
  for (const answer of await Promise.all(uploads)) kept.push(acknowledged(answer, content));
  await expectKept(server.url, kept);
});

test("an upload that waits too long is told to come again with the token it has, and the health names the database", async () => {
  const content = Buffer.from("late");
  const fields = { fileName: "late.txt" };
  const token = mint(fields, { expiresIn: 600 });
  const unlock = lockDatabase();
  try {
    const asked = fetch(`${server.url}/health`);
    const answer = await uploadWithToken(server.url, content, fields, token);
    expectUnavailable(answer);
    const health = await asked;
    expect([health.status, (await health.json()).checks]).toEqual([
      503,
      { server: "ok", database: "down", storage: "ok" },
    ]);
    expect(answer.headers.has("x-should-retry")).toBe(false);
    await expectKept(server.url, kept);
  } finally {
    unlock();
  }
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  kept.push(acknowledged(await uploadWithToken(server.url, content, fields, token), content));
  await expectKept(server.url, kept);
  await expectClean(server.dataDir);
});
