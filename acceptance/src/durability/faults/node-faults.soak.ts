import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPostgresPrograms } from "../../../../scripts/services/postgres-programs.ts";
import { type CommitFault, startPostgresProxy } from "../../../../scripts/services/postgres-proxy.ts";
import { s3Problem } from "../../../../scripts/services/s3.ts";
import { startS3Proxy } from "../../../../scripts/services/s3-proxy.ts";
import { fill, mountProblem } from "../../harness/mount.ts";
import { describeWhere } from "../../harness/needs.ts";
import { type Services, startFaultyServices, withCluster } from "./cluster.ts";
import { suffer } from "./suffer.ts";

const missing = findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : s3Problem();
const limit = { timeout: 180_000 } as const;
/** The refusals under a fault. An upload that met the fault after its token was burnt can't be retried. */
const unavailable = ["STORAGE_UNAVAILABLE", "STORAGE_UNAVAILABLE for good"] as const;
/** The refusals where a fault can also hit a COMMIT, whose outcome nobody may know. */
const unclear = [...unavailable, "OUTCOME_UNKNOWN for good"] as const;

describeWhere(missing, "nodes under load lose nothing and take no token twice", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startFaultyServices();
  });
  afterAll(() => services?.stop());

  test("while one after the other is killed and started again", limit, async () => {
    await withCluster(services, { nodes: 3 }, async (cluster) => {
      const { refused } = await suffer(cluster, {
        name: "two of three nodes killed",
        async happen() {
          for (const node of [0, 1]) {
            await cluster.kill(node);
            await sleep(2000);
            await cluster.restart(node);
          }
        },
        refusals: ["unreachable", "cut off"],
        slowest: 10,
        recovery: 5,
        endsWorkers: true,
      });
      expect(refused).toBeGreaterThan(0);
    });
  });

  test.each(["fast", "immediate"] as const)("while PostgreSQL restarts (%s)", limit, async (how) => {
    await withCluster(services, { nodes: 2 }, async (cluster) => {
      const { refused } = await suffer(cluster, {
        name: `PostgreSQL restarted (${how})`,
        async happen() {
          await services.database.halt(how);
          await sleep(5000);
          await services.database.resume();
        },
        refusals: unclear,
        slowest: 15,
        recovery: 10,
      });
      expect(refused).toBeGreaterThan(0);
    });
  });

  test.each([3, 10])("while PostgreSQL stands still for 10 s, and may take %i", limit, async (patience) => {
    await withCluster(services, { nodes: 2, limits: `database-seconds=${patience}` }, async (cluster) => {
      await suffer(cluster, {
        name: `PostgreSQL stopped, with database-seconds=${patience}`,
        async happen() {
          services.database.signal("SIGSTOP");
          await sleep(10_000);
          services.database.signal("SIGCONT");
        },
        refusals: unclear,
        slowest: 20,
        recovery: 10,
      });
    });
  });

  test("while connections are cut at the COMMIT", limit, async () => {
    const proxy = await startPostgresProxy(services.database.url);
    const faults: readonly CommitFault[] = ["cut before", "cut after", "half open"];
    let cuts = 0;
    proxy.onFault = () => cuts++;
    try {
      await withCluster(services, { nodes: 2, databaseHost: new URL(proxy.url).host }, async (cluster) => {
        await suffer(cluster, {
          name: "connections cut at the COMMIT",
          async happen() {
            for (let turn = 0; turn < 120; turn++) {
              proxy.fault = faults[turn % faults.length];
              await sleep(80);
            }
            proxy.fault = undefined;
          },
          refusals: unclear,
          slowest: 10,
          recovery: 5,
        });
      });
    } finally {
      await proxy.close();
    }
    process.stdout.write(`cut ${cuts} times\n`);
    expect(cuts).toBeGreaterThan(50);
  });

  test("while the gateway is killed and started again", limit, async () => {
    await withCluster(services, { nodes: 2 }, async (cluster) => {
      const { refused } = await suffer(cluster, {
        name: "gateway killed",
        async happen() {
          await services.store.killGateway();
          await sleep(6000);
          await services.store.startGateway();
        },
        refusals: unavailable,
        slowest: 15,
        recovery: 10,
      });
      expect(refused).toBeGreaterThan(0);
    });
  });

  test("while the gateway hangs", limit, async () => {
    await withCluster(services, { nodes: 2 }, async (cluster) => {
      const { slowest } = await suffer(cluster, {
        name: "gateway hanging",
        async happen() {
          services.store.signalGateway("SIGSTOP");
          await sleep(18_000);
          services.store.signalGateway("SIGCONT");
        },
        refusals: unavailable,
        slowest: 30,
        recovery: 10,
      });
      // Whoever waits may outlive the fault, and is answered then.
      expect(slowest).toBeGreaterThan(15);
    });
  });

  test("while the gateway answers 503, to everything and to what stores alone", limit, async () => {
    const proxy = await startS3Proxy(services.store.endpoint);
    try {
      await withCluster(services, { nodes: 2, endpoint: proxy.endpoint }, async (cluster) => {
        const { refused } = await suffer(cluster, {
          name: "gateway answering 503",
          async happen() {
            proxy.judge(() => "slowed");
            await sleep(5000);
            proxy.judge((line) => (line.startsWith("PUT") ? "slowed" : "passed"));
            await sleep(5000);
            proxy.judge(() => "passed");
          },
          refusals: unavailable,
          slowest: 15,
          recovery: 10,
        });
        expect(refused).toBeGreaterThan(0);
      });
    } finally {
      await proxy.close();
    }
  });

  describeWhere(mountProblem(), "with spools of their own", () => {
    test("while one disk is full, and then every one", limit, async () => {
      await withCluster(services, { nodes: 2, spoolSize: "48m" }, async (cluster) => {
        const { refused } = await suffer(cluster, {
          name: "spool full",
          async happen() {
            const makeRoom: (() => Promise<void>)[] = [];
            for (const dataDir of cluster.dataDirs) {
              makeRoom.push(await fill(join(dataDir, "spool")));
              await sleep(4000);
            }
            for (const make of makeRoom) await make();
          },
          refusals: ["STORAGE_FULL", "STORAGE_FULL for good"],
          slowest: 15,
          recovery: 5,
        });
        expect(refused).toBeGreaterThan(0);
      });
    });
  });
});
