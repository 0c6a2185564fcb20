import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectClean } from "./harness/fsck.ts";
import { expectEveryKind, expectSound, runStorm } from "./harness/organising-storm.ts";
import { type ServerProcess, startServerProcess } from "./harness/server.ts";

test("32 clients organise the same files for a minute on two processes: no error, and a sound library", {
  timeout: 240_000,
}, async ({ annotate }) => {
  await withTemporaryFolder(async (dataDir) => {
    const server = await startServerProcess({
      dataDir,
      flags: ["--workers", "2", "--log-level", "error", "--trash-days", "1"],
    });
    try {
      const storm = await runStorm(server.url, 60_000);
      await annotate(JSON.stringify(Object.fromEntries(storm.answers)));
      expect(storm.offences).toEqual([]);
      expectEveryKind(storm);
      await expectSound(server.url);
    } finally {
      await server.stop();
    }
    await expectClean(dataDir);
  });
});

test("kill -9 of the server again and again while files are organised: what is left is sound", {
  timeout: 240_000,
}, async ({ annotate }) => {
  await withTemporaryFolder(async (dataDir) => {
    const start = () => startServerProcess({ dataDir, flags: ["--log-level", "error", "--trash-days", "1"] });
    let server: ServerProcess = await start();
    for (let round = 0; round < 6; round++) {
      const gone = new AbortController();
      const storming = runStorm(server.url, 6000, { lossy: true, gone: gone.signal });
      await sleep(2000 + 2000 * Math.random());
      await server.kill();
      gone.abort();
      const storm = await storming;
      expect(storm.offences).toEqual([]);
      await annotate(JSON.stringify(Object.fromEntries(storm.answers)));
      server = await start();
      await expectSound(server.url);
    }
    await server.stop();
    await expectClean(dataDir);
  });
});
