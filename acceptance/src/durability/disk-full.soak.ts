import { randomBytes } from "node:crypto";
import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { type Acknowledged, acknowledged, expectKept } from "../harness/acknowledged.ts";
import { signInToConsole } from "../harness/console.ts";
import { spoolFiles, withTemporaryFolder } from "../harness/data-dir.ts";
import { type Place, places, withDataOnMounts } from "../harness/data-on-mounts.ts";
import { expectRefusal, expectUnavailable } from "../harness/expectations.ts";
import { expectClean } from "../harness/fsck.ts";
import { call } from "../harness/media-api.ts";
import { fill, mountProblem, mountTmpfs } from "../harness/mount.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { describeWhere } from "../harness/needs.ts";
import { openUpload } from "../harness/open-upload.ts";
import { sluiceInHost } from "../harness/program-in-host.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

/** Expects whole files and their versions, whether or not the disk can take more, and an empty spool. */
async function expectServing({ url, dataDir }: ServerProcess, kept: readonly Acknowledged[]): Promise<void> {
  await expectKept(url, kept);
  await expect.poll(async () => (await spoolFiles(dataDir)).filter((name) => name !== "ballast")).toEqual([]);
}

/** A database on a full disk may have room for some rows, where its log has just begun anew for the queue of jobs. */
function mayStore(place: Place, { status }: Pick<Answer, "status">): boolean {
  return place === "database" && status === 200;
}

async function healthOf({ url }: ServerProcess): Promise<[status: number, body: unknown]> {
  const answer = await fetch(`${url}/health`);
  return [answer.status, await answer.json()];
}

const MiB = 1024 * 1024;
/** The server starts twice, and its reserve is taken once it rests. */
const starts = { timeout: 120_000 } as const;

describeWhere(mountProblem(), "a full disk", () => {
  const small = Buffer.from("small ".repeat(300));
  const large = Buffer.from("large ".repeat(100_000));

  test.each(places)(
    "under the %s refuses uploads with 503, burns no token, and is over when there is room",
    async (place) => {
      await withDataOnMounts(place, async (dataDir, mount) => {
        const server = await startServerProcess({ dataDir });
        try {
          const before = Buffer.from("uploaded before");
          const kept = [acknowledged(await uploadBasic(server.url, before, { fileName: "before.txt" }), before)];
          const makeRoom = await fill(mount.path);
          const waiting: [content: Buffer, fields: Record<string, string>, token: string][] = [];
          for (const content of [small, large]) {
            const fields = { fileName: "waiting.txt", folder: "/new" };
            waiting.push([content, fields, mint(fields, { expiresIn: 600 })]);
            const answer = await uploadBasic(server.url, content, fields);
            // A small upload never enters the spool. With a token it is refused all the same, and can still be retried.
            const isKept = (place === "spool" && content === small) || mayStore(place, answer);
            if (isKept) kept.push(acknowledged(answer, content));
            else expectUnavailable(answer, "STORAGE_FULL");
          }
          for (const [content, fields, token] of waiting) {
            const answer = await uploadWithToken(server.url, content, fields, token);
            expectUnavailable(answer, "STORAGE_FULL");
            expect(answer.headers.has("x-should-retry")).toBe(false);
          }
          await expectServing(server, kept);
          expect(await healthOf(server)).toMatchObject([503, { checks: { storage: "down" } }]);
          await makeRoom();
          expect(await healthOf(server)).toMatchObject([200, { status: "ok" }]);
          for (const [content, fields, token] of waiting) {
            kept.push(acknowledged(await uploadWithToken(server.url, content, fields, token), content));
          }
          await expectServing(server, kept);
        } finally {
          await server.stop();
        }
        await expectClean(dataDir);
      });
    },
  );

  test.each(places)(
    "under the %s, reached after the token was burnt, says that a retry is of no use",
    async (place) => {
      await withDataOnMounts(place, async (dataDir, mount) => {
        const server = await startServerProcess({ dataDir });
        try {
          const fields = { fileName: "cut-off.txt" };
          const token = mint(fields, { expiresIn: 600 });
          const content = Buffer.concat([large, Buffer.from("the end"), large]);
          const upload = openUpload(server.url, [textPart("token", token), ...textParts(fields), filePart(content)]);
          await upload.sendUntil("the end");
          // The file's first bytes are in the spool, so the token before them has been burnt.
          await expect.poll(() => spoolFiles(dataDir)).toHaveLength(1);
          const makeRoom = await fill(mount.path);
          upload.finish();
          const answer = await upload.answer;
          const kept: Acknowledged[] = [];
          if (mayStore(place, answer)) kept.push(acknowledged(answer, content));
          else {
            expectUnavailable(answer, "STORAGE_FULL");
            expect(answer.headers.get("x-should-retry")).toBe("false");
          }
          await expectServing(server, kept);
          await makeRoom();
          expectRefusal(await uploadWithToken(server.url, content, fields, token), 400, "TOKEN_USED");
          kept.push(acknowledged(await uploadWithToken(server.url, content, fields), content));
          await expectServing(server, kept);
        } finally {
          await server.stop();
        }
        await expectClean(dataDir);
      });
    },
  );

  test("is freed by deletions and a sweep at once, whether the server runs or has to be started", starts, async () => {
    await withTemporaryFolder(async (dataDir) => {
      const mount = await mountTmpfs(dataDir, "64m");
      let server = await startServerProcess({ dataDir }).catch(async (error: unknown) => {
        await mount.unmount();
        throw error;
      });
      try {
        const sizeOf = (name: string) =>
          stat(join(dataDir, name)).then(
            ({ size }) => size,
            () => 0,
          );
        const free = async () => ((await statfs(dataDir)).bavail * (await statfs(dataDir)).bsize) / MiB;
        const store = async (fileName: string, folder = "/") => {
          const content = randomBytes(2 * MiB);
          const answer = await uploadBasic(server.url, content, { fileName, folder, useUniqueFileName: "false" });
          return { ...acknowledged(answer, content), fileId: String(answer.body.fileId) };
        };
        const kept = await store("kept.bin");
        const files = [await store("1.bin"), await store("2.bin"), await store("3.bin"), await store("4.bin")];
        for (const name of ["5.bin", "6.bin"]) await store(name, "/folder");
        const ask = (method: string, path: string, body?: object) => call(server.url, method, path, body && { body });
        const remove = async (): Promise<void> => {
          const { status, body } = await ask("DELETE", `/v1/files/${files.pop()?.fileId}`);
          expect(status, JSON.stringify(body)).toBe(204);
        };
        await expect.poll(() => sizeOf("sluice.sqlite-reserve"), { timeout: 20_000 }).toBeGreaterThan(MiB);
        const ballast = await fill(dataDir);
        expect(await free()).toBe(0);
        expectUnavailable(await uploadBasic(server.url, large, { fileName: "refused.txt" }), "STORAGE_FULL");

        await remove();
        const folder = await ask("DELETE", "/v1/folder", { folderPath: "/folder" });
        expect(folder.status, JSON.stringify(folder.body)).toBe(204);
        const [one] = files.splice(0, 1);
        const several = await ask("POST", "/v1/files/batch/deleteByFileIds", { fileIds: [one?.fileId] });
        expect(several.status, JSON.stringify(several.body)).toBe(200);
        expect((await signInToConsole(server.url)).status).toBeLessThan(300);
        expect(await free()).toBe(0);
        const swept = await sluiceInHost(["sweep", "--now", "--data-dir", dataDir]);
        expect(swept).toMatchObject({ code: 0, stdout: expect.stringContaining("releasedBlobs: 4\n") });
        expect(swept.stdout).toContain(`releasedBytes: ${8 * MiB}\n`);
        expect(await free()).toBeGreaterThan(6);
        await expect.poll(() => healthOf(server)).toMatchObject([200, { status: "ok" }]);
        await ballast();

        const again = await fill(dataDir);
        await remove();
        const { body } = await ask("POST", "/_sluice/sweep");
        expect(body).toEqual({ contents: 1, bytes: 2 * MiB, heldUntil: null, nextCursor: null });
        expect(await free()).toBeGreaterThan(1);
        await again();

        await server.stop();
        // As after a copy of the folder, the next start has to make the log and its index anew.
        const database = new DatabaseSync(join(dataDir, "sluice.sqlite"));
        database.exec("pragma wal_checkpoint(truncate)");
        database.close();
        expect(await sizeOf("sluice.sqlite-shm")).toBe(0);
        await fill(dataDir);
        server = await startServerProcess({ dataDir });
        await remove();
        expect((await ask("POST", "/_sluice/sweep")).body).toMatchObject({ contents: 1 });
        expect(await free()).toBeGreaterThan(1);
        await expectKept(server.url, [kept]);
      } finally {
        await server.stop();
        await expectClean(dataDir).finally(() => mount.unmount());
      }
    });
  });

  test("at the start ends the server with one clear line; it starts once there is room", async () => {
    await withDataOnMounts("database", async (dataDir, mount) => {
      const makeRoom = await fill(mount.path);
      await expect(startServerProcess({ dataDir })).rejects.toThrow(
        /ready:\nsluice: Can't open the database at \S+: .*full\n$/,
      );
      await makeRoom();
      const server = await startServerProcess({ dataDir });
      await server.stop();
      await expectClean(dataDir);
    });
  });
});
