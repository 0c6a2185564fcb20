import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPostgresPrograms } from "../../../scripts/services/postgres-programs.ts";
import { s3Problem } from "../../../scripts/services/s3.ts";
import { type Services, startFaultyServices, withCluster } from "../durability/faults/cluster.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { expectClean } from "../harness/fsck.ts";
import { describeWhere } from "../harness/needs.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { ask, createBasic, patch, sessionOf } from "../harness/tus.ts";
import { expectOneEvent, expectStoredOnce, hashAt, type Ordeal, suffer } from "./ordeal.ts";
import { pageClients } from "./page-client.ts";
import { withTrial } from "./trial.ts";

const MB = 1_000_000;
const minutes = 60_000;
/** `SLUICE_PROOF_MB` and `SLUICE_PROOF_LONG_MB` prove less, sooner. */
const megabytes = Number(process.env.SLUICE_PROOF_MB ?? 300);
const longMegabytes = Number(process.env.SLUICE_PROOF_LONG_MB ?? 12_000);
const fields = { folder: "/proof", useUniqueFileName: "false" } as const;
const large = ["--max-file-size", String(200_000 * MB), "--max-video-size", String(200_000 * MB)];
/** Ten cuts, of which two kill the tab as well, and three the server. */
const troubles = { cuts: 10, killsClient: new Set([3, 7]) } as const satisfies Partial<Ordeal>;
const killsServer: ReadonlySet<number> = new Set([2, 5, 8]);

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

test.each(pageClients)(
  "%s in Chromium: ten cuts, the tab killed twice, the server killed three times",
  {
    timeout: 10 * minutes,
  },
  async (name) => {
    await withTrial(name, megabytes * MB, async ({ folder, source, proxy, webhooks, client, flags }) => {
      const dataDir = join(folder, "data");
      let server = await startServerProcess({ dataDir, flags });
      proxy.leadTo(server.url);
      const started = performance.now();
      try {
        const session = await suffer(source, client, {
          ...troubles,
          proxy,
          async atCut(cut) {
            if (!killsServer.has(cut)) return;
            await server.kill();
            server = await startServerProcess({ dataDir, flags });
            proxy.leadTo(server.url);
          },
        });
        tell(`${megabytes} MB by ${name} to SQLite and a folder: ${seconds(started)} s, ${proxy.cuts} cuts`);
        expect(client.begun).toBe(1);
        await expectOneEvent(webhooks, await expectStoredOnce(server.url, session, source));
      } finally {
        await server.stop();
      }
      await expectClean(dataDir);
    });
  },
);

const missing = findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : s3Problem();
describeWhere(missing, "on PostgreSQL and S3 with three nodes", () => {
  let services: Services;
  beforeAll(async () => {
    services = await startFaultyServices();
  });
  afterAll(() => services?.stop());

  test.each(pageClients)(
    "%s in Chromium: ten cuts, another node after each, the tab and nodes killed",
    {
      timeout: 10 * minutes,
    },
    async (name) => {
      await withTrial(name, megabytes * MB, async ({ source, proxy, webhooks, client, flags }) => {
        await withCluster(services, { nodes: 3, flags }, async (cluster) => {
          proxy.leadTo(cluster.urls[0] as string);
          const started = performance.now();
          const session = await suffer(source, client, {
            ...troubles,
            proxy,
            async atCut(cut) {
              if (killsServer.has(cut)) {
                const node = (cut - 1) % 3;
                await cluster.kill(node);
                await cluster.restart(node);
              }
              proxy.leadTo(cluster.urls[cut % 3] as string);
            },
          });
          tell(
            `${megabytes} MB by ${name} to PostgreSQL and S3, three nodes: ${seconds(started)} s, ${proxy.cuts} cuts`,
          );
          expect(client.begun).toBe(1);
          await expectOneEvent(webhooks, await expectStoredOnce(cluster.urls[0] as string, session, source));
          expect(await cluster.fsck()).toMatch(/^clean$/m);
        });
      });
    },
  );
});

test("gigabytes from a generated source take constant memory", { timeout: 60 * minutes }, async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServerProcess({ dataDir, flags: large });
    try {
      const length = longMegabytes * MB;
      const session = sessionOf(await createBasic(server.url, { ...fields, fileName: "long.bin" }, { length }));
      const hash = createHash("sha256");
      const piece = Buffer.allocUnsafe(64 * MB);
      const before = residentBytes(server);
      let [peak, offset] = [0, 0];
      const started = performance.now();
      while (offset < length) {
        // Each piece differs from the others, so that no storage could share their blocks.
        for (let at = 0; at < piece.length; at += 4096) piece.writeDoubleLE(offset + at, at);
        const bytes = piece.subarray(0, Math.min(piece.length, length - offset));
        hash.update(bytes);
        const answer = await patch(session, offset, bytes);
        expect(answer.status).toBe(204);
        offset = Number(answer.headers.get("upload-offset"));
        peak = Math.max(peak, residentBytes(server));
      }
      const { body } = await ask(session);
      expect(body.size).toBe(length);
      tell(
        `${longMegabytes} MB in one session: ${seconds(started)} s, resident ${mb(before)} MB before, ${mb(peak)} MB at most`,
      );
      expect(peak - before).toBeLessThan(256 * MB);
      // fsck would take longer than a command may, so the bytes are read back instead.
      expect(await hashAt(`${body.url}?tr=orig-true`)).toBe(hash.digest("hex"));
    } finally {
      await server.stop();
    }
  });
});

test("200 sessions at once take flat memory", { timeout: 20 * minutes }, async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServerProcess({ dataDir, flags: large });
    try {
      const lots: number[][] = [];
      for (const name of ["first", "second", "third"]) {
        const peaks = await runLot(server, name);
        lots.push(peaks);
        tell(`200 sessions: resident ${peaks.map(mb).join(", ")} MB at most in each round of a megabyte`);
      }
      // The first lot touches the memory that the later ones use again.
      const [, second = 0, third = 0] = lots.map((peaks) => Math.max(...peaks));
      expect(third - second).toBeLessThan(32 * MB);
      expect(Math.max(...lots.flat())).toBeLessThan(600 * MB);
      // In the last round of a lot, all of its files are stored at once.
      for (const peaks of lots.slice(1)) {
        expect(Number(peaks.at(-1)) - Math.max(...peaks.slice(0, -1))).toBeLessThan(32 * MB);
      }
    } finally {
      await server.stop();
    }
    await expectClean(dataDir);
  });
});

/** Sends 200 files at once, each in as many pieces of a megabyte as there are rounds. @returns the peak of each round */
async function runLot(server: ServerProcess, name: string): Promise<number[]> {
  const [count, rounds, piece] = [200, 4, Buffer.alloc(MB, "x")];
  const sessions = await Promise.all(
    Array.from({ length: count }, (_, n) =>
      createBasic(server.url, { ...fields, fileName: `${name}-${n}.txt` }, { length: rounds * MB }).then(sessionOf),
    ),
  );
  const peaks: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let peak = 0;
    const look = setInterval(() => {
      peak = Math.max(peak, residentBytes(server));
    }, 20);
    const answers = await Promise.all(sessions.map((session) => patch(session, round * MB, piece)));
    clearInterval(look);
    peaks.push(peak);
    // Where the machine is slow, a whole upload may be told to come back for its end.
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].filter((status) => status !== 204 && !(status === 503 && round === rounds - 1))).toEqual([]);
  }
  for (const session of sessions) await expect.poll(async () => (await ask(session)).status).toBe(200);
  return peaks;
}

function residentBytes({ process: { pid } }: ServerProcess): number {
  const [, kB = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kB) * 1024;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(0);
}
