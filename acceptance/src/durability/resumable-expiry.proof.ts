import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { partialFiles, withTemporaryFolder } from "../harness/data-dir.ts";
import { expectClean } from "../harness/fsck.ts";
import { listFiles } from "../harness/library.ts";
import { sealedContent } from "../harness/sealed-content.ts";
import { startServer } from "../harness/server.ts";
import { begin, tus } from "../harness/tus.ts";

const MiB = 1024 * 1024;

test("a session that expires while a piece is under way ends cleanly", { timeout: 200_000 }, async () => {
  await withTemporaryFolder(async (dataDir) => {
    const flags = ["--limit", "resumable-session-seconds=60", "--limit", "sweep-interval-seconds=1"];
    const server = await startServer({ dataDir, flags });
    try {
      const content = sealedContent("expires", 4 * MiB);
      const session = await begin(server.url, { fileName: "late.txt" }, { length: content.length });
      // The client leaves after the end of the session, and long before the end of the file.
      async function* slowly() {
        for (let at = 0; at < content.length; at += 16 * 1024) {
          yield content.subarray(at, at + 16 * 1024);
          await sleep(600);
        }
      }
      const answer = await fetch(session, {
        method: "PATCH",
        headers: {
          "tus-resumable": "1.0.0",
          "upload-offset": "0",
          "content-type": "application/offset+octet-stream",
        },
        body: slowly() as never,
        duplex: "half",
        signal: AbortSignal.timeout(70_000),
      } as RequestInit).catch(() => undefined);
      expect([undefined, 404, 410, 423]).toContain(answer?.status);
      await expect.poll(async () => (await tus("HEAD", session)).status).toBeGreaterThanOrEqual(404);
      await expect.poll(() => partialFiles(dataDir), { timeout: 60_000 }).toEqual([]);
      expect(await listFiles(server.url)).toEqual([]);
    } finally {
      await server.stop();
    }
    await expectClean(dataDir);
  });
});
