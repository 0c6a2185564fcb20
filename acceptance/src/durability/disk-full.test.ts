import { expect, test } from "vitest";
import { type Acknowledged, acknowledged, expectKept } from "../harness/acknowledged.ts";
import { spoolFiles } from "../harness/data-dir.ts";
import { places, withDataOnMounts } from "../harness/data-on-mounts.ts";
import { expectRefusal, expectUnavailable } from "../harness/expectations.ts";
import { expectClean } from "../harness/fsck.ts";
import { fill, mountProblem } from "../harness/mount.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { describeWhere } from "../harness/needs.ts";
import { openUpload } from "../harness/open-upload.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

/** Expects whole files and their versions, whether or not the disk can take more, and an empty spool. */
async function expectServing({ url, dataDir }: ServerProcess, kept: readonly Acknowledged[]): Promise<void> {
  await expectKept(url, kept);
  await expect.poll(async () => (await spoolFiles(dataDir)).filter((name) => name !== "ballast")).toEqual([]);
}

async function healthOf({ url }: ServerProcess): Promise<[status: number, body: unknown]> {
  const answer = await fetch(`${url}/health`);
  return [answer.status, await answer.json()];
}

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
            if (place === "spool" && content === small) kept.push(acknowledged(answer, content));
            else expectUnavailable(answer);
          }
          for (const [content, fields, token] of waiting) {
            const answer = await uploadWithToken(server.url, content, fields, token);
            expectUnavailable(answer);
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
          expectUnavailable(answer);
          expect(answer.headers.get("x-should-retry")).toBe("false");
          await expectServing(server, []);
          await makeRoom();
          expectRefusal(await uploadWithToken(server.url, content, fields, token), 400, "TOKEN_USED");
          const kept = acknowledged(await uploadWithToken(server.url, content, fields), content);
          await expectServing(server, [kept]);
        } finally {
          await server.stop();
        }
        await expectClean(dataDir);
      });
    },
  );

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
