import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { type Acknowledged, expectKept } from "../harness/acknowledged.ts";
import { spoolFiles } from "../harness/data-dir.ts";
import { deliver, original } from "../harness/deliver.ts";
import { expectRefusal } from "../harness/expectations.ts";
import { expectClean } from "../harness/fsck.ts";
import { call } from "../harness/media-api.ts";
import { seededRandom } from "../harness/random.ts";
import { isWhole } from "../harness/sealed-content.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { uploadWithToken } from "../harness/upload.ts";
import { type Load, uploadUntilKilled } from "./crash-load.ts";

/**
 * Kills a server under load at a random moment, again and again on the same data. After each restart the spool must be
 * empty, the acknowledged uploads must be there with their tokens used up, and fsck must find nothing wrong.
 * @param seed the same seed repeats the load and, nearly, the moments
 */
export async function surviveCrashes(rounds: number, seed: number, flags: readonly string[] = []): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-crash-"));
  const random = seededRandom(seed);
  const everything: Acknowledged[] = [];
  let interrupted = 0;
  let load: Load | undefined;
  try {
    for (let round = 0; round < rounds; round++) {
      const server = await startServerProcess({ dataDir: folder, flags });
      try {
        if (load !== undefined) await expectRecovered(server, load);
        load = await crash(server, round, random);
      } finally {
        await server.kill();
      }
      everything.push(...load.acknowledged);
      interrupted += load.interrupted;
      // Damage does not go away by itself, so a check some rounds later still finds it.
      if (round % 5 === 0) await expectClean(folder);
    }
    const server = await startServerProcess({ dataDir: folder, flags });
    try {
      if (load !== undefined) await expectRecovered(server, load);
      await expectKept(server.url, everything);
      await expectOnlyWholeFiles(server.url);
    } finally {
      await server.stop();
    }
    await expectClean(folder);
    // Rounds that interrupted no upload would prove nothing.
    expect(everything.length).toBeGreaterThan(5 * rounds);
    expect(interrupted).toBeGreaterThan(3 * rounds);
  } catch (error) {
    throw new Error(`with the seed ${seed}`, { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function crash(server: ServerProcess, round: number, random: ReturnType<typeof seededRandom>): Promise<Load> {
  const gone = new AbortController();
  const begun = Promise.withResolvers<void>();
  const loading = uploadUntilKilled(server.url, round, random, gone.signal, begun.resolve);
  // Waits for the first upload: a new server may be slow at first, and a round without uploads would show nothing.
  await Promise.race([begun.promise, loading]);
  await Promise.race([wait(random.between(150, 1500)), loading]);
  server.process.kill("SIGKILL");
  gone.abort();
  return loading;
}

async function expectRecovered(server: ServerProcess, load: Load): Promise<void> {
  await expect.poll(() => spoolFiles(server.dataDir)).toEqual([]);
  await expectKept(server.url, load.acknowledged);
  for (const { token, fields } of load.usedTokens.slice(-3)) {
    expectRefusal(await uploadWithToken(server.url, "again", fields, token), 400, "TOKEN_USED");
  }
}

/** Expects every visible file to be whole, acknowledged or not. */
async function expectOnlyWholeFiles(url: string): Promise<void> {
  for (let page = 0; ; page++) {
    const { body } = await call(url, "GET", `/v1/files?limit=1000&skip=${page * 1000}`);
    for (const file of body) {
      const { status, bytes } = await deliver(original(file.url));
      expect(status, file.url).toBe(200);
      expect(bytes.length, file.url).toBe(file.size);
      expect(isWhole(bytes), file.url).toBe(true);
    }
    if (body.length < 1000) break;
  }
}
