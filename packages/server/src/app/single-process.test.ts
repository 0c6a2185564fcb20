import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import type { Settings } from "../config/settings.ts";
import { describePostgres } from "../database/testing/postgres-database.ts";
import { version } from "../observability/version.ts";
import { describeEngines, type EnginePlace, postgresEngine } from "../testing/engines.ts";
import { openOtherConnection } from "../testing/other-connection.ts";
import { createSluice, type SluiceOptions } from "./app.ts";
import { createSingleProcess } from "./single-process.ts";
import type { Sluice } from "./sluice.ts";

const logger = pino({ level: "silent" });
const one = { publicKey: "public_one", privateKey: "private_one" };
const two = { publicKey: "public_two", privateKey: "private_two" };

let parent: string;
let dataDir: string;
let taken: Server;
let port: number;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "sluice-start-"));
  dataDir = join(parent, "data");
  taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  port = (taken.address() as AddressInfo).port;
});
afterEach(async () => {
  taken.close();
  await rm(parent, { recursive: true });
});

/** The error with which a start of `sluice serve` fails with these settings. */
async function failedStart(settings: Settings, signal?: AbortSignal): Promise<unknown> {
  const sluice = createSingleProcess({ config: resolveConfig({ dataDir, ...settings }), logger, signal });
  try {
    return await sluice.listen().then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    await sluice.close();
  }
}

describe("of a start that fails nothing is left", () => {
  test("where the port is taken", async () => {
    expect(await failedStart({ port })).toMatchObject({ code: "EADDRINUSE", syscall: "listen" });
    expect(await readdir(parent)).toEqual([]);
  });

  test("where the address is none of this machine", async () => {
    expect(await failedStart({ port: 0, host: "192.0.2.1" })).toMatchObject({ code: "EADDRNOTAVAIL" });
    expect(await readdir(parent)).toEqual([]);
  });

  test("where the database can't be reached", async () => {
    const databaseUrl = `postgres://sluice:secret@127.0.0.1:${port}/sluice`;
    taken.close();
    expect(await failedStart({ port: 0, databaseUrl })).toMatchObject({ name: "DatabaseError" });
    expect(await readdir(parent)).toEqual([]);
  });

  test("where it is given up while it waits, and until then its health says that it starts", async () => {
    const abort = new AbortController();
    const databaseUrl = `postgres://sluice:secret@127.0.0.1:${port}/sluice`;
    const config = resolveConfig({ dataDir, port: 0, databaseUrl });
    const sluice = createSingleProcess({ config, logger, signal: abort.signal });
    try {
      const ended = expect(sluice.listen()).rejects.toMatchObject({ name: "AbortError" });
      await once(taken, "connection");
      const answer = await fetch(`${sluice.url}/health`);
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { status: "unavailable", checks: { server: "starting" } },
      ]);
      abort.abort();
      await ended;
    } finally {
      await sluice.close();
    }
    expect(await readdir(parent)).toEqual([]);
  });
});

describeEngines((engine) => {
  let place: EnginePlace;
  let running: Sluice | undefined;
  beforeEach(async () => {
    place = await engine.prepare();
  });
  afterEach(async () => {
    await running?.close();
    running = undefined;
    await place.drop();
  });

  const settingsOf = (settings: SluiceOptions) => ({ ...place.settings, dataDir, port: 0, ...settings });

  async function start(settings: SluiceOptions): Promise<Sluice> {
    running = await createSluice(settingsOf(settings));
    await running.listen();
    return running;
  }

  /** The stored state that a running server depends on: the key pairs and the endpoints. */
  async function stored() {
    const connection = openOtherConnection(resolveConfig(settingsOf({})));
    try {
      return {
        accounts: await connection.selectFrom("accounts").select(["imagekit_id", "event_routes"]).execute(),
        pairs: await connection.selectFrom("key_pairs").select(["public_key", "origin", "expires_at"]).execute(),
        webhooks: await connection.selectFrom("webhook_endpoints").select(["url", "secret"]).execute(),
      };
    } finally {
      await connection.destroy();
    }
  }

  test("a start that fails leaves the keys and the endpoint of the server that runs as they are", async () => {
    await start({ ...one, webhookUrl: "https://one.example/" });
    const before = await stored();
    const other = { ...place.settings, webhookUrl: "https://two.example/" };
    expect(await failedStart({ ...other, ...two, port })).toMatchObject({ code: "EADDRINUSE" });
    expect(await failedStart({ ...place.settings, port })).toMatchObject({ code: "EADDRINUSE" });
    const mixed = { publicKey: one.publicKey, privateKey: two.privateKey };
    expect(await failedStart({ ...other, ...mixed, port: 0 })).toMatchObject({ name: "ConfigError" });
    expect(await stored()).toEqual(before);
  });

  test("a server is a node of its library from its start to its end", async () => {
    const nodes = async () => {
      const connection = openOtherConnection(resolveConfig(settingsOf({})));
      try {
        return await connection.selectFrom("nodes").select("version").execute();
      } finally {
        await connection.destroy();
      }
    };
    const server = await start(one);
    expect(await nodes()).toEqual([{ version }]);
    await server.close();
    running = undefined;
    expect(await nodes()).toEqual([]);
  });

  test("one that succeeds puts its pair in force, and gives the one in whose place it comes an hour and a line in the log", async () => {
    await (await start(one)).close();
    const begun = Date.now();
    const log: string[] = [];
    await start({ ...two, logger: pino({}, { write: (line: string) => void log.push(line) }) });
    expect(log.filter((line) => /"publicKey":"public_one".*expires in an hour/.test(line))).toHaveLength(1);
    const { pairs } = await stored();
    const ends = Object.fromEntries(pairs.map((pair) => [pair.public_key, Number(pair.expires_at)]));
    expect(ends.public_two).toBe(0);
    expect(ends.public_one).toBeGreaterThanOrEqual(begun + 3_600_000);
    expect(ends.public_one).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  test("of an embedded server the keys are there before it listens, and the configured pair is in force from then on", async () => {
    running = await createSluice(settingsOf({ ...one, webhookUrl: "https://one.example/" }));
    expect(running.keys).toEqual(one);
    expect(await stored()).toMatchObject({ pairs: [], webhooks: [] });
    await running.listen();
    expect(running.keys).toEqual(one);
    expect(await stored()).toMatchObject({
      pairs: [{ public_key: "public_one", expires_at: null }],
      webhooks: [{ url: "https://one.example/", secret: running.newWebhookSecret }],
    });
  });

  test("of an embedded server without a pair the one that is made is there before it listens, and stays", async () => {
    running = await createSluice(settingsOf({}));
    const { keys, keysAreNew } = running;
    expect(keysAreNew).toBe(true);
    await running.listen();
    expect([running.keys, running.keysAreNew]).toEqual([keys, true]);
    const headers = { authorization: `Basic ${btoa(`${keys.privateKey}:`)}` };
    expect((await fetch(`${running.url}/v1/files`, { headers })).status).toBe(200);
  });
});

describePostgres("on PostgreSQL", () => {
  test("a start whose last step fails takes back the folders that it has made", async () => {
    const { settings, drop } = await postgresEngine.prepare();
    const running = await createSluice({ ...settings, ...one, dataDir, port: 0 });
    try {
      await running.listen();
      const mixed = { publicKey: one.publicKey, privateKey: two.privateKey, dataDir: join(parent, "deep", "er") };
      expect(await failedStart({ ...settings, ...mixed, port: 0 })).toMatchObject({ name: "ConfigError" });
      expect(await readdir(parent)).toEqual(["data"]);
    } finally {
      await running.close();
      await drop();
    }
  });
});
