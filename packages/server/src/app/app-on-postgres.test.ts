import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUploadToken } from "@sluice/token";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivatePostgres, startPostgres } from "../../../../scripts/services/postgres.ts";
import { findPostgresPrograms } from "../../../../scripts/services/postgres-programs.ts";
import { type PostgresProxy, startPostgresProxy } from "../../../../scripts/services/postgres-proxy.ts";
import { createSluice } from "./app.ts";
import type { Sluice } from "./sluice.ts";

/** The tests end the PostgreSQL server, so they need a private one: a server that runs elsewhere can't be ended. */
const canRun = findPostgresPrograms() !== undefined || process.env.CI === "true";
const testOnPostgres = test.skipIf(!canRun);

let folder: string;
let postgres: PrivatePostgres;
let proxy: PostgresProxy;
let sluice: Sluice;
const log: string[] = [];

beforeAll(async () => {
  if (!canRun) return;
  folder = await mkdtemp(join(tmpdir(), "sluice-app-"));
  postgres = await startPostgres();
  proxy = await startPostgresProxy(postgres.url);
  sluice = await createSluice({
    port: 0,
    dataDir: folder,
    databaseUrl: proxy.url,
    limits: { databaseMs: 1000 },
    logger: pino({ level: "trace" }, { write: (line: string) => void log.push(line) }),
  });
  await sluice.listen();
});
afterAll(async () => {
  await sluice?.close();
  await proxy?.close();
  await postgres?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const mint = (fileName: string) =>
  createUploadToken({ fileName, useUniqueFileName: false }, { ...sluice.keys, expiresIn: 600 });

async function upload(fileName: string, token: string) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ token, fileName, useUniqueFileName: "false" })) form.append(name, value);
  form.append("file", new Blob([`content of ${fileName}`]), fileName);
  const answer = await fetch(`${sluice.url}/api/v2/files/upload`, { method: "POST", body: form });
  const { reason, url } = (await answer.json()) as { reason?: string; url?: string };
  return { status: answer.status, headers: answer.headers, reason, url };
}

const get = async (path: string) => (await fetch(sluice.url + path)).status;
const health = async () => (await fetch(`${sluice.url}/health`)).json();

testOnPostgres("an upload lands in PostgreSQL and is delivered from there", async () => {
  const token = await mint("first.txt");
  const { status, url = "" } = await upload("first.txt", token);
  expect(status).toBe(200);
  expect(await (await fetch(url)).text()).toBe("content of first.txt");
  expect(await upload("first.txt", token)).toMatchObject({ status: 400, reason: "TOKEN_USED" });
});

testOnPostgres("text that PostgreSQL can't hold is what nobody has, not a fault of the server", async () => {
  const { imagekitId } = sluice.config;
  expect(await get(`/${imagekitId}/a%00b.txt`)).toBeGreaterThanOrEqual(400);
  expect(await get(`/${imagekitId}/a%00b.txt`)).toBeLessThan(500);
  const header = Buffer.from(JSON.stringify({ alg: "HS256", typ: "JWT", kid: "a\0b" })).toString("base64url");
  const [, payload, signature] = (await mint("x.txt")).split(".");
  const refused = await upload("x.txt", `${header}.${payload}.${signature}`);
  expect(refused).toMatchObject({ status: 403, reason: "ACCOUNT_NOT_AUTHENTICATED" });
});

testOnPostgres("without its database the server says so, burns no token, and goes on by itself", async () => {
  const token = await mint("later.txt");
  await postgres.halt();
  expect(await health()).toMatchObject({ status: "unavailable", checks: { database: "down" } });
  const refused = await upload("later.txt", token);
  expect(refused).toMatchObject({ status: 503, reason: "STORAGE_UNAVAILABLE" });
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(refused.headers.get("x-should-retry")).toBeNull();
  await postgres.resume();
  await expect.poll(async () => (await health()).status).toBe("ok");
  expect(await upload("later.txt", token)).toMatchObject({ status: 200 });
});

testOnPostgres(
  "when nobody can tell whether the token was burnt, the answer says that and invites no retry",
  async () => {
    const token = await mint("unknown.txt");
    proxy.fault = "cut after";
    proxy.onFault = () => {
      proxy.closed = true;
    };
    const refused = await upload("unknown.txt", token);
    expect(refused).toMatchObject({ status: 503, reason: "OUTCOME_UNKNOWN" });
    expect(refused.headers.get("x-should-retry")).toBe("false");
    proxy.closed = false;
    expect(await upload("unknown.txt", token)).toMatchObject({ status: 400, reason: "TOKEN_USED" });
  },
);

testOnPostgres("the database's password is in no answer and no log", async () => {
  const { password } = new URL(postgres.url);
  const answers = await Promise.all(
    ["/health", "/metrics", "/"].map(async (path) => (await fetch(sluice.url + path)).text()),
  );
  expect(log.join("")).toContain("DatabaseError");
  expect([...log, ...answers].join("")).not.toContain(password);
});
