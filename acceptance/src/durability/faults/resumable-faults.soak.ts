import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPostgresPrograms } from "../../../../scripts/services/postgres-programs.ts";
import { s3Problem } from "../../../../scripts/services/s3.ts";
import { describeWhere } from "../../harness/needs.ts";
import { expectStoredOnce, startSessions } from "../resumable-load.ts";
import { type Cluster, type Services, startFaultyServices, withCluster } from "./cluster.ts";

const missing = findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : s3Problem();
const limit = { timeout: 240_000 } as const;
const limits = "sweep-interval-seconds=2,resumable-session-seconds=300";

describeWhere(missing, "sessions through nodes lose nothing and store every file once", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startFaultyServices();
  });
  afterAll(() => services?.stop());

  /** Lets the fault happen to sessions whose pieces go to all nodes in turn. */
  async function sufferSessions(cluster: Cluster, happen: () => Promise<void>): Promise<void> {
    const seed = Date.now();
    const load = startSessions(() => cluster.urls, 6, seed);
    try {
      await sleep(3000);
      await happen();
      await sleep(3000);
    } finally {
      await load.end();
    }
    expect(load.offences, `with the seed ${seed}`).toEqual([]);
    const stored = load.uploads.filter(({ answer }) => answer !== undefined).length;
    process.stdout.write(`stored ${stored} of ${load.uploads.length}, ${load.troubled} requests met the fault\n`);
    expect(stored).toBeGreaterThan(10);
    expect(load.troubled).toBeGreaterThan(0);
    await expectStoredOnce(cluster.urls[0] as string, load.uploads);
    expect(await cluster.fsck()).toMatch(/^clean$/m);
  }

  test("while nodes are killed and started again", limit, async () => {
    await withCluster(services, { nodes: 3, limits }, (cluster) =>
      sufferSessions(cluster, async () => {
        for (const node of [0, 1, 2]) {
          await cluster.kill(node);
          await sleep(1500);
          await cluster.restart(node);
          await sleep(500);
        }
      }),
    );
  });

  test("while the gateway of the bucket is killed between parts", limit, async () => {
    await withCluster(services, { nodes: 2, limits }, (cluster) =>
      sufferSessions(cluster, async () => {
        for (let time = 0; time < 3; time++) {
          await services.store.killGateway();
          await sleep(1500);
          await services.store.startGateway();
          await sleep(1500);
        }
      }),
    );
  });

  test("while PostgreSQL restarts", limit, async () => {
    await withCluster(services, { nodes: 2, limits }, (cluster) =>
      sufferSessions(cluster, async () => {
        await services.database.halt("immediate");
        await sleep(2000);
        await services.database.resume();
      }),
    );
  });
});
