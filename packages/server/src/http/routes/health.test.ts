import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openParts, type Parts } from "../../app/parts.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import { version } from "../../observability/version.ts";
import { FreeSpace, type FreeSpaceOptions } from "../../storage/free-space.ts";
import { openTestDatabase } from "../../testing/open-test-database.ts";
import { noScanner } from "../../virus-scan/virus-scanner.ts";
import { newLifecycle } from "../lifecycle.ts";
import { healthRoute } from "./health.ts";

let folder: string;
let parts: Parts;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-health-"));
  parts = await openParts(resolveConfig({ dataDir: folder }), { open: openTestDatabase });
});
afterEach(async () => {
  await parts.close();
  await rm(folder, { recursive: true, force: true });
});

async function health({ draining = false, space = {} as FreeSpaceOptions } = {}) {
  const folders = { spool: join(folder, "spool"), blobs: join(folder, "blobs"), database: folder };
  const app = Fastify();
  app.register(
    healthRoute({ ...parts, freeSpace: new FreeSpace(folders, space), lifecycle: { ...newLifecycle(), draining } }),
  );
  const answer = await app.inject("/health");
  return { status: answer.statusCode, body: answer.json(), retryAfter: answer.headers["retry-after"] };
}

test("a server that can take uploads is healthy", async () => {
  const checks = { server: "ok", database: "ok", storage: "ok" };
  expect(await health()).toEqual({ status: 200, body: { status: "ok", version, checks } });
});

test("one with less room than the reserve is not, and names the storage", async () => {
  const { bavail, bsize } = await statfs(folder);
  const checks = { server: "ok", database: "ok", storage: "down" };
  expect(await health({ space: { reserve: 2 * bavail * bsize } })).toEqual({
    status: 503,
    body: { status: "unavailable", version, checks },
  });
});

test("one whose blobs are gone is not, and names the storage", async () => {
  await rm(join(folder, "blobs"), { recursive: true });
  expect(await health()).toMatchObject({ status: 503, body: { checks: { database: "ok", storage: "down" } } });
});

test("one on its way out is not, names itself, and can be asked again soon: another may have taken its place", async () => {
  const body = { checks: { server: "draining" } };
  expect(await health({ draining: true })).toMatchObject({ status: 503, retryAfter: "1", body });
});

test("a server is alive whatever its parts do, and while it drains", async () => {
  await rm(join(folder, "blobs"), { recursive: true });
  const app = Fastify();
  app.register(healthRoute({ ...parts, lifecycle: { ...newLifecycle(), draining: true } }));
  const answer = await app.inject("/health/live");
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: "ok", version }]);
});

test("one whose virus scanner is down or hangs is not, and names the scanner", async () => {
  const signals: (AbortSignal | undefined)[] = [];
  const scanner: typeof parts.scanner = {
    ...noScanner,
    async assertReady(signal) {
      signals.push(signal);
      throw new Error("down");
    },
  };
  const app = Fastify();
  app.register(healthRoute({ ...parts, scanner, lifecycle: newLifecycle() }));
  const answer = await app.inject("/health");
  expect([answer.statusCode, answer.json().checks.scanner]).toEqual([503, "down"]);
  expect(signals).toEqual([expect.any(AbortSignal)]);
});

test("many who ask at once cost one look at the store and the database, and the next one another", async () => {
  const many = 20;
  let [looks, checks, asked] = [0, 0, 0];
  const all = Promise.withResolvers<void>();
  const blobs: typeof parts.blobs = Object.assign(Object.create(parts.blobs), {
    async check(signal?: AbortSignal) {
      looks++;
      await all.promise;
      await parts.blobs.check(signal);
    },
  });
  const database: typeof parts.database = Object.assign(Object.create(parts.database), {
    async check() {
      checks++;
      await all.promise;
      await parts.database.check();
    },
  });
  const app = Fastify();
  app.addHook("preHandler", (_request, _reply, done) => {
    if (++asked === many) all.resolve();
    done();
  });
  app.register(healthRoute({ ...parts, blobs, database, lifecycle: newLifecycle() }));
  await app.ready();
  const answers = await Promise.all(Array.from({ length: many }, () => app.inject("/health")));
  expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  expect([looks, checks]).toEqual([1, 1]);
  await app.inject("/health");
  expect([looks, checks]).toEqual([2, 2]);
});
