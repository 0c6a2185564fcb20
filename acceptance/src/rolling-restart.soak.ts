import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureDatabase } from "../../scripts/services/databases.ts";
import { freePort } from "../../scripts/services/free-port.ts";
import { s3Problem } from "../../scripts/services/s3.ts";
import { type Services, startFaultyServices } from "./durability/faults/cluster.ts";
import { caddyProblem, startCaddy } from "./harness/caddy.ts";
import { sluice } from "./harness/command.ts";
import { describeWhere } from "./harness/needs.ts";
import { nginxProblem, startNginx } from "./harness/nginx.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { expectNothingLost, kindsOfRequests, type SteadyLoad, startLoad } from "./harness/steady-load.ts";
import { startWebhookReceiver } from "./harness/webhook-receiver.ts";

const nodes = 3;

/** The settings that lead to a database and a place in the bucket of their own. */
async function place({ database, store }: Services): Promise<Record<string, string>> {
  const name = `rolling_${randomBytes(6).toString("hex")}`;
  await ensureDatabase(database.url, name);
  const url = new URL(database.url);
  url.pathname = name;
  const [bucket, parameters] = store.storageUrl.split("?");
  return {
    ...store.environment,
    SLUICE_DATABASE_URL: url.href,
    SLUICE_STORAGE_URL: `${bucket}/${name}?${parameters}`,
  };
}

describeWhere(nginxProblem() ?? caddyProblem() ?? s3Problem(), "three nodes on PostgreSQL and S3", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startFaultyServices();
  });
  afterAll(() => services?.stop());

  test.each([
    ["nginx", startNginx, 2, 0],
    // Caddy looks at a node every two seconds.
    ["Caddy", startCaddy, 1, 4000],
  ] as const)(
    "behind %s, restarted one after the other under load: no request fails, nothing is lost",
    {
      timeout: 600_000,
    },
    async (name, startProxy, rounds, untilSeenMs) => {
      const receiver = await startWebhookReceiver();
      const folder = await mkdtemp(join(tmpdir(), "sluice-rolling-"));
      const running: RunningServer[] = [];
      let load: SteadyLoad | undefined;
      const ports = await Promise.all(Array.from({ length: nodes }, freePort));
      const proxy = await startProxy(ports);
      try {
        const environment = await place(services);
        // On a busy machine a start takes longer than requests wait for it by default.
        const limits = ["--limit", "wait-seconds=60"];
        const flags = ["--public-url", proxy.url, "--trust-proxy", "1", "--log-level", "warn", ...limits];
        const hooks = ["--webhook-url", receiver.url, "--allow-private-networks"];
        const start = async (node: number): Promise<void> => {
          running[node] = await startServer({
            dataDir: join(folder, String(node)),
            flags: ["--port", String(ports[node]), ...flags, ...hooks],
            environment,
          });
        };
        for (let node = 0; node < nodes; node++) await start(node);
        // The proxy may have looked before the nodes were there.
        const health = async () => (await fetch(`${proxy.url}/health`)).status;
        await expect.poll(health, { timeout: 10_000 }).toBe(200);
        await wait(untilSeenMs);
        load = await startLoad(proxy.url);
        await wait(2000);
        const began = performance.now();
        for (let round = 0; round < rounds; round++) {
          for (let node = 0; node < nodes; node++) {
            // The process manager waits for the end, as systemd and Kubernetes do.
            expect(await running[node]?.stop()).toBe(0);
            await start(node);
            await wait(untilSeenMs);
          }
        }
        const seconds = Math.round((performance.now() - began) / 1000);
        await wait(1000);
        const result = await load.stop();
        const requests = Object.values(result.answered).reduce((sum, count) => sum + count, 0);
        const figures = { seconds, requests, longestMs: result.longestMs, ...result.answered };
        process.stdout.write(`${nodes * rounds} restarts behind ${name}: ${JSON.stringify(figures)}\n`);
        if (result.failures.length > 0) process.stdout.write(await proxy.errors());
        await expectNothingLost(proxy.url, result, receiver);
        expect(Object.keys(result.answered).sort()).toEqual([...kindsOfRequests].sort());
        const fsck = await sluice(["fsck", "--deep", "--data-dir", join(folder, "fsck")], { environment });
        expect(fsck.stdout + fsck.stderr).toMatch(/clean/);
      } finally {
        await load?.stop();
        await proxy.stop();
        await Promise.all(running.map((server) => server.stop()));
        await receiver.close();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
