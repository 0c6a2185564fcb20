import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { partialFiles, spoolFiles, withTemporaryFolder } from "../harness/data-dir.ts";
import { withDataOnMounts } from "../harness/data-on-mounts.ts";
import { expectClean } from "../harness/fsck.ts";
import { fetchOriginal, listFiles } from "../harness/library.ts";
import { fill, mountProblem } from "../harness/mount.ts";
import { describeWhere } from "../harness/needs.ts";
import { seededRandom } from "../harness/random.ts";
import { sealedContent } from "../harness/sealed-content.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { ask, begin, offsetOf, patch, tus } from "../harness/tus.ts";
import { expectStoredOnce, startSessions } from "./resumable-load.ts";

const MiB = 1024 * 1024;

/** Sessions end soon and are swept soon, so that a test sees what is left of them. */
const soon = ["--limit", "resumable-session-seconds=120", "--limit", "sweep-interval-seconds=2"];

/** The offset, once the request before has let go of the session. */
async function offsetSoon(session: string): Promise<number> {
  await expect.poll(async () => (await tus("HEAD", session)).status, { timeout: 60_000, interval: 200 }).toBe(200);
  return offsetOf(session);
}

test("kill -9 at any moment loses no acknowledged byte, and stores every file once", { timeout: 400_000 }, async () => {
  await withTemporaryFolder(async (dataDir) => {
    const seed = Date.now();
    const random = seededRandom(seed);
    let server = await startServerProcess({ dataDir, flags: soon });
    const load = startSessions(() => [server.url], 6, seed);
    try {
      for (let round = 0; round < 6; round++) {
        await sleep(random.between(100, 1500));
        await server.kill();
        server = await startServerProcess({ dataDir, flags: soon });
      }
      // Rounds that stored little or met no trouble would prove nothing.
      const stored = () => load.uploads.filter(({ answer }) => answer !== undefined).length;
      await expect.poll(stored, { timeout: 60_000 }).toBeGreaterThan(15);
      await load.end();
      expect(load.offences, `with the seed ${seed}`).toEqual([]);
      expect(load.troubled).toBeGreaterThan(10);
      await expectStoredOnce(server.url, load.uploads);
      // Creations whose answers were lost end with their time.
      await expect.poll(() => partialFiles(dataDir), { timeout: 150_000, interval: 1000 }).toEqual([]);
      await expect.poll(() => spoolFiles(dataDir)).toEqual([]);
    } finally {
      await load.end();
      await server.stop();
    }
    await expectClean(dataDir);
  });
});

/** The moments of a session's life at which the server is killed, and what the client has done by then. */
const moments: [name: string, reach: (session: string, content: Buffer) => Promise<unknown>][] = [
  ["created", async () => undefined],
  ["a piece half-written", (session, content) => patch(session, 0, content, cutShort(30))],
  ["a piece acknowledged", (session, content) => patch(session, 0, content.subarray(0, 3 * MiB))],
  ["a piece just sent", (session, content) => sentOnly(patch(session, 0, content.subarray(0, 3 * MiB)), 12)],
  ["the last piece just sent", (session, content) => sentOnly(patch(session, 0, content), 25)],
  ["the last piece acknowledged", (session, content) => patch(session, 0, content)],
  ["deleted", (session) => sentOnly(tus("DELETE", session), 1)],
];

function cutShort(afterMs: number) {
  return { signal: AbortSignal.timeout(afterMs) };
}

async function sentOnly(answer: Promise<unknown>, afterMs: number): Promise<void> {
  answer.catch(() => undefined);
  await sleep(afterMs);
}

test.each(moments)(
  "killed when it is at %s, a session goes on or is gone",
  { timeout: 120_000 },
  async (name, reach) => {
    await withTemporaryFolder(async (dataDir) => {
      const content = sealedContent(name, 8 * MiB);
      let server: ServerProcess | undefined;
      try {
        server = await startServerProcess({ dataDir, flags: soon });
        const session = await begin(server.url, { fileName: "killed.txt" }, { length: content.length });
        const answer = await Promise.resolve(reach(session, content)).catch(() => undefined);
        const acknowledged = Number((answer as { headers?: Headers } | undefined)?.headers?.get("upload-offset") ?? 0);
        await server.kill();
        server = await startServerProcess({ dataDir, flags: soon });
        const again = server.url + new URL(session).pathname;
        const isGone = name === "deleted" && [404, 410].includes((await tus("HEAD", again)).status);
        if (!isGone) {
          // The server that was killed held the session's lease. The next one has ended it before it answers.
          const offset = await offsetOf(again);
          expect(offset).toBeGreaterThanOrEqual(acknowledged);
          if (offset < content.length) expect((await patch(again, offset, content.subarray(offset))).status).toBe(204);
          const { status, body } = await ask(again);
          expect(status).toBe(200);
          expect((await fetchOriginal(server.url, body.url)).equals(content)).toBe(true);
          expect((await listFiles(server.url)).filter(({ fileId }) => fileId === body.fileId)).toHaveLength(1);
        }
        await server.kill();
        server = await startServerProcess({ dataDir, flags: soon });
        await expect.poll(() => partialFiles(dataDir), { timeout: 30_000 }).toEqual([]);
      } finally {
        await server?.stop();
      }
      await expectClean(dataDir);
    });
  },
);

describeWhere(mountProblem(), "a full disk", () => {
  test("keeps what was acknowledged, and the upload goes on when there is room", { timeout: 120_000 }, async () => {
    await withDataOnMounts("blobs", async (dataDir, mount) => {
      const server = await startServerProcess({ dataDir });
      try {
        const content = sealedContent("full", 5 * MiB);
        const session = await begin(server.url, { fileName: "full.txt" }, { length: content.length });
        expect((await patch(session, 0, content.subarray(0, MiB))).status).toBe(204);
        const makeRoom = await fill(mount.path);
        expect((await patch(session, MiB, content.subarray(MiB))).status).toBe(503);
        expect(await offsetSoon(session)).toBeGreaterThanOrEqual(MiB);
        await makeRoom();
        const goOn = async (): Promise<number> => {
          const offset = await offsetSoon(session);
          return (await patch(session, offset, content.subarray(offset))).status;
        };
        await expect.poll(goOn).toBe(204);
        const { body } = await ask(session);
        expect((await fetchOriginal(server.url, body.url)).equals(content)).toBe(true);
      } finally {
        await server.stop();
      }
      await expectClean(dataDir);
    });
  });
});
