import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { tellNode } from "../../nodes/node-transactions.ts";
import { describeEngines, type EnginePlace, sqliteEngine } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

describeEngines((engine) => {
  let place: EnginePlace;
  let whole: WholeApp;
  beforeEach(async () => {
    place = await engine.prepare();
    whole = await openWholeApp({ ...place.settings, ffmpeg: "off" });
    const pair = { publicKey: "public_demo", privateKey: "private_demo" };
    await whole.parts.database.run(createAccount, { imagekitId: "demo", pair, now: 1 });
  });
  afterEach(async () => {
    await whole.close();
    await place.drop();
  });

  async function report() {
    const headers = { authorization: `Basic ${btoa("private_demo:")}` };
    const { statusCode, body } = await whole.app.inject({ url: "/_sluice/health", headers });
    expect(statusCode).toBe(200);
    const { dataDir } = whole.services.config;
    expect(body).not.toContain(dataDir);
    return JSON.parse(body);
  }
  type Part = { readonly name: string; readonly state: string; readonly freeBytes: number | null };
  const statesOf = ({ parts }: { readonly parts: readonly Part[] }) =>
    Object.fromEntries(parts.map(({ name, state }) => [name, state]));

  test("each part has a state, its latency and its room", async () => {
    const { status, parts, ...more } = await report();
    expect(status).toBe("ok");
    expect(Object.keys(more).sort()).toEqual(["checkedAt", "nodes", "version"]);
    expect(parts.map(({ name }: Part) => name)).toEqual(["server", "database", "storage", "spool", "queue", "images"]);
    const [{ isolation }] = parts.filter(({ name }: Part) => name === "images");
    expect(["no-network", "no-privileges", "none"]).toContain(isolation);
    const room = Object.fromEntries(parts.map(({ name, freeBytes }: Part) => [name, freeBytes]));
    expect(room).toMatchObject({ storage: expect.any(Number), spool: expect.any(Number), queue: null });
    expect(room.database === null).toBe(engine !== sqliteEngine);
    expect(parts.slice(1).every(({ latencyMs }: { latencyMs: unknown }) => typeof latencyMs === "number")).toBe(true);
  });

  test("what reads videos is named, where there is something", async () => {
    const { videos } = whole.services;
    const program = { name: "FFmpeg 7.1", ffmpeg: ["ffmpeg"], ffprobe: ["ffprobe"] };
    Object.assign(videos, { program: async () => program });
    const { parts } = await report();
    const known = { name: "videos", state: "ok", latencyMs: null, freeBytes: null };
    expect(parts).toContainEqual({ ...known, program: "FFmpeg 7.1" });
  });

  test("each node that has registered is listed with its version and its state", async () => {
    const { database } = whole.parts;
    for (const id of ["alive", "silent"]) {
      await database.run(tellNode, { id, version: "9.8.7", level: 1000, now: Date.now() });
    }
    const other = openOtherConnection(whole.services.config);
    await sql`update nodes set seen_at = seen_at - 61000 where id = 'silent'`.execute(other);
    await other.destroy();
    const seen = { version: "9.8.7", lastSeenAt: expect.stringMatching(/^20.*Z$/) };
    expect((await report()).nodes).toEqual([
      { id: "alive", ...seen, state: "ok" },
      { id: "silent", ...seen, state: "silent" },
    ]);
  });

  test("a store that is gone is down, and a server on its way out says so", async () => {
    await rm(join(whole.services.config.dataDir, "blobs"), { recursive: true });
    whole.services.lifecycle.draining = true;
    const found = await report();
    expect([found.status, statesOf(found)]).toEqual([
      "unavailable",
      { server: "down", database: "ok", storage: "down", spool: "ok", queue: "ok", images: "ok" },
    ]);
  });

  if (engine === sqliteEngine) {
    test("a job that has been due for a minute makes the queue slow, and uploads can be taken all the same", async () => {
      const other = openOtherConnection(whole.services.config);
      await sql`insert into jobs (id, name, input, state, due_at, attempts, lane, created_at)
        values ('x', 'deliver-webhook', '{}', 'waiting', ${Date.now() - 61_000}, 0, 'a', 1)`.execute(other);
      await other.destroy();
      const found = await report();
      expect([found.status, statesOf(found).queue]).toEqual(["ok", "slow"]);
    });
  }
});
