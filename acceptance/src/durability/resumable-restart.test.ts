import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { fetchOriginal } from "../harness/library.ts";
import { RawConnection } from "../harness/raw-http.ts";
import { sealedContent } from "../harness/sealed-content.ts";
import { startServerProcess } from "../harness/server.ts";
import { ask, begin, patch, patchHead, tus } from "../harness/tus.ts";
import { replaceWorker, workersOf } from "../harness/worker-processes.ts";

// The soak kills servers at every moment of a session's life (resumable-crash.soak.ts).

/** Far below the 15 s for which a request waits for a lease, and the 20 s after which a dead process's lease runs out. */
const soonMs = 8_000;

const content = sealedContent("restarted", 200_000);

/** Begins a session, and a piece that never ends. */
async function standStill(url: string) {
  const session = await begin(url, { fileName: "restarted.txt" }, { length: content.length });
  const stalled = await RawConnection.open(url);
  await stalled.write(
    Buffer.concat([Buffer.from(patchHead(session, `content-length: ${content.length}`)), content.subarray(0, 50_000)]),
  );
  // The server has taken the session's lease by now.
  await sleep(500);
  return { path: new URL(session).pathname, stalled };
}

async function expectGoesOn(session: string): Promise<void> {
  const startedAt = performance.now();
  const { status, headers } = await tus("HEAD", session);
  expect(status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(soonMs);
  const offset = Number(headers.get("upload-offset"));
  expect((await patch(session, offset, content.subarray(offset))).status).toBe(204);
  const { body } = await ask(session);
  expect((await fetchOriginal(new URL(session).origin, body.url)).equals(content)).toBe(true);
}

test("a server that was killed goes on with its uploads as soon as it runs again", { timeout: 120_000 }, async () => {
  await withTemporaryFolder(async (dataDir) => {
    let server = await startServerProcess({ dataDir });
    try {
      const { path, stalled } = await standStill(server.url);
      await server.kill();
      stalled.destroy();
      server = await startServerProcess({ dataDir });
      await expectGoesOn(server.url + path);
    } finally {
      await server.stop();
    }
  });
});

test("other workers go on with the uploads of one that was killed", { timeout: 120_000 }, async () => {
  const server = await startServerProcess({ flags: ["--workers", "2", "--log-level", "error"] });
  try {
    const { path, stalled } = await standStill(server.url);
    for (const pid of workersOf(server)) await replaceWorker(server, pid);
    stalled.destroy();
    await expectGoesOn(server.url + path);
  } finally {
    await server.stop();
  }
});
