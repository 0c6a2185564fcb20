import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { type Acknowledged, acknowledged, expectKept } from "./harness/acknowledged.ts";
import { spoolFiles, withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { isAlive, killAll } from "./harness/processes.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";
import { getAfresh, metricsOf, replaceWorker, workersOf } from "./harness/worker-processes.ts";

const flags = ["--workers", "3", "--log-level", "error"];
/** Each test starts a dozen processes one after the other, on a machine that may be busy. */
vi.setConfig({ testTimeout: 120_000 });
const pids: number[] = [];
afterEach(() => killAll(pids.splice(0)));

async function startWorkers(dataDir: string, more: readonly string[] = []): Promise<ServerProcess> {
  const server = await startServerProcess({ dataDir, flags: [...flags, ...more] });
  pids.push(server.process.pid ?? 0, ...workersOf(server));
  return server;
}

interface Load {
  readonly acknowledged: Acknowledged[];
  readonly usedTokens: { readonly token: string; readonly fields: Record<string, string> }[];
  interrupted: number;
}

/**
 * Uploads in lanes while the action runs, and sends requests on ever new connections. Requests of a killed process are
 * cut off; nothing may hang.
 */
async function loadWhile(url: string, action: (load: Load) => Promise<void>): Promise<Load> {
  const load: Load = { acknowledged: [], usedTokens: [], interrupted: 0 };
  let over = false;
  const repeat = async (task: (count: number) => Promise<void>): Promise<void> => {
    for (let count = 0; !over; count++) {
      await task(count).catch((error: Error) => {
        // A process's death may cut a connection. It must cause neither a refusal nor an answer that never comes.
        if (error.name === "AbortError" || /^answered with/.test(error.message)) throw error;
        load.interrupted++;
      });
    }
  };
  const uploadIn = (lane: number) =>
    repeat(async (count) => {
      const fields = { fileName: `${lane}-${count % 40}.txt`, useUniqueFileName: "false" };
      const content = Buffer.from(`${lane} ${count} ${"x".repeat(500 * (count % 300))}`);
      const token = mint(fields, { expiresIn: 600 });
      load.acknowledged.push(acknowledged(await uploadWithToken(url, content, fields, token), content));
      load.usedTokens.push({ token, fields });
    });
  const ask = () =>
    repeat(async () => {
      const { status, body } = await getAfresh(`${url}/health`);
      if (status !== 200) throw new Error(`answered with ${status}: ${body}`);
    });
  const lanes = Promise.all([...Array.from({ length: 6 }, (_, lane) => uploadIn(lane)), ask(), ask()]);
  await Promise.all([
    lanes,
    action(load).finally(() => {
      over = true;
    }),
  ]);
  return load;
}

async function expectNothingLost(server: ServerProcess, { acknowledged, usedTokens }: Load): Promise<void> {
  await expectKept(server.url, acknowledged);
  for (const { token, fields } of usedTokens.slice(-20)) {
    expectRefusal(await uploadWithToken(server.url, "again", fields, token), 400, "TOKEN_USED");
  }
}

test("kill -9 of one worker after another under load: each is replaced, nothing acknowledged is lost, nothing hangs", async ({
  annotate,
}) => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startWorkers(dataDir);
    let counted = 0;
    const load = await loadWhile(server.url, async () => {
      for (let round = 0; round < 4; round++) {
        await sleep(500);
        const now = (await metricsOf(server.url)).sum("sluice_uploads_total", { outcome: "stored" });
        expect(now).toBeGreaterThanOrEqual(counted);
        counted = now;
        const [victim = 0] = workersOf(server).slice(round % 3);
        await replaceWorker(server, victim);
        pids.push(...workersOf(server));
      }
    });
    await annotate(`acknowledged ${load.acknowledged.length}, cut off ${load.interrupted}`);
    expect(load.acknowledged.length).toBeGreaterThan(100);
    await expectNothingLost(server, load);
    // The replacements have swept the uploads that the dead processes were receiving.
    await expect.poll(() => spoolFiles(dataDir)).toEqual([]);
    expect(await server.stop()).toBe(0);
    await expectClean(dataDir);
  });
});

test("a connection that is on its way to a worker when that dies is closed, not left without an answer", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startWorkers(dataDir);
    const [stopped = 0] = workersOf(server);
    process.kill(stopped, "SIGSTOP");
    // Connections are dealt out in turn, so one of them goes to the worker that can't take it any more.
    const asked = Array.from({ length: 6 }, () => getAfresh(`${server.url}/health`));
    await sleep(1000);
    process.kill(stopped, "SIGKILL");
    const answers = await Promise.allSettled(asked);
    const failed = answers.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.name] : []));
    expect(failed).toEqual(["Error"]);
    pids.push(...workersOf(server));
    expect(await server.stop()).toBe(0);
  });
});

test("when all workers die at once, others listen at the same address", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startWorkers(dataDir);
    for (const pid of workersOf(server)) process.kill(pid, "SIGKILL");
    const health = () =>
      getAfresh(`${server.url}/health`).then(
        ({ status }) => status,
        () => "refused",
      );
    await expect.poll(health).toBe(200);
    await expect.poll(() => workersOf(server).length).toBe(3);
    pids.push(...workersOf(server));
    expect(await server.stop()).toBe(0);
  });
});

test("kill -9 of the supervisor under load: the workers end with it, and a restart finds everything", async () => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startWorkers(dataDir);
    const workers = workersOf(server);
    expect(workers).toHaveLength(3);
    const port = new URL(server.url).port;
    const load = await loadWhile(server.url, async ({ acknowledged }) => {
      await expect.poll(() => acknowledged.length).toBeGreaterThan(50);
      await server.kill();
      await expect.poll(() => workers.filter(isAlive)).toEqual([]);
    });
    await expectClean(dataDir);
    // The last of several `--port` flags counts. The old port is free again.
    const again = await startWorkers(dataDir, ["--port", port]);
    expect(again.url).toBe(server.url);
    await expectNothingLost(again, load);
    expect(await again.stop()).toBe(0);
  });
});
