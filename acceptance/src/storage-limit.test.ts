import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Account, createAccount } from "./harness/account.ts";
import { sluice } from "./harness/command.ts";
import { blobFiles, spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

const KiB = 1024;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--limit", `storage-bytes=${100 * KiB}`, "--v1-uploads"] });
});
afterAll(() => server?.stop());

const upload = (
  kilobytes: number,
  fields: Readonly<Record<string, string>> = {},
  account: Pick<Account, "authorization"> = { authorization: basic },
): Promise<Answer> => uploadBasic(server.url, randomBytes(kilobytes * KiB), { fileName: "a.bin", ...fields }, account);

function expectFull(answer: Answer): void {
  expectRefusal(answer, 400, "STORAGE_LIMIT_EXCEEDED");
  expect(answer.body.message).toBe("Upload Limit Exceeded.");
}

describe("an account that may store 100 KiB", () => {
  const files = async () => (await call(server.url, "GET", "/v1/files")).body as { readonly fileId: string }[];
  beforeEach(async () => {
    for (const { fileId } of await files()) await call(server.url, "DELETE", `/v1/files/${fileId}`);
  });

  test("is refused what doesn't fit, however it comes, and nothing of it stays", async () => {
    expect((await upload(60)).status).toBe(200);
    const blobs = (await blobFiles(server.dataDir)).length;
    const file = randomBytes(50 * KiB);
    const fields = { fileName: "b.bin" };
    expectFull(await upload(50));
    expectFull(await uploadWithToken(server.url, file, fields));
    expectFull(await post(server.url, [filePart(file), ...textParts(fields), textPart("token", mint(fields))]));
    expectFull(await post(server.url, [...textParts({ ...fields, ...signV1() }), filePart(file)], { version: 1 }));
    const base64 = textPart("file", file.toString("base64"));
    expectFull(await post(server.url, [...textParts(fields), base64], { authorization: basic }));
    expect(await blobFiles(server.dataDir)).toHaveLength(blobs);
    expect(await spoolFiles(server.dataDir)).toEqual([]);
    expect(await files()).toHaveLength(1);
    expect((await upload(40)).status).toBe(200);
  });

  test("counts every version, and has room again for what it deletes", async () => {
    const same = { fileName: "same.bin", useUniqueFileName: "false" };
    const { body } = await upload(40, same);
    expect((await upload(40, same)).status).toBe(200);
    expectFull(await upload(40, same));
    await call(server.url, "DELETE", `/v1/files/${body.fileId}/versions/${body.versionInfo.id}`);
    expect((await upload(40, same)).status).toBe(200);
    await call(server.url, "DELETE", `/v1/files/${body.fileId}`);
    expect((await upload(100)).status).toBe(200);
  });

  test("stores as many of thirty uploads at once as fit, and no more", async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => upload(9)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(11);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectFull(answer);
  });

  test("is told before the file has come when its length says enough, or nothing fits any more", async () => {
    const fields = { fileName: "c.bin" };
    const file = filePart(Buffer.alloc(3 * KiB * KiB, "x"));
    const large = openUpload(server.url, [...textParts({ ...fields, token: mint(fields) }), file]);
    await large.sendUntil("xxxx");
    expectFull(await large.answer);
    large.abort();
    expect((await upload(100)).status).toBe(200);
    const headers = { authorization: basic };
    const none = openUpload(server.url, [...textParts(fields), filePart(Buffer.alloc(KiB, "x"))], { headers });
    await none.sendUntil("xxxx");
    expectFull(await none.answer);
    none.abort();
  });

  test("may send more than fits where less of it is stored", async () => {
    const noise = sharp(randomBytes(200 * 200 * 3), { raw: { width: 200, height: 200, channels: 3 } });
    const picture = await noise.png().toBuffer();
    expect(picture.length).toBeGreaterThan(100 * KiB);
    const fields = { fileName: "d.png", transformation: '{"pre":"w-20"}' };
    expect((await uploadBasic(server.url, picture, fields)).status).toBe(200);
    expect((await uploadWithToken(server.url, picture, fields)).status).toBe(200);
    expectFull(await uploadBasic(server.url, picture, { fileName: "d.png" }));
  });
});

test("sluice account set --storage gives an account a limit of its own, within five seconds", async () => {
  const account = await createAccount(server.dataDir, "own");
  expect((await upload(90, {}, account)).status).toBe(200);
  const command = ["account", "set", "own", "--storage", "1 MB", "--data-dir", server.dataDir];
  expect(await sluice(command)).toMatchObject({ code: 0, stderr: "" });
  await expect.poll(async () => (await upload(200, {}, account)).status).toBe(200);
  expectFull(await upload(900, {}, account));
  const { stdout } = await sluice(["account", "list", "--data-dir", server.dataDir]);
  expect(stdout).toMatch(/^own \(active\)\n {2}\S+ .*\n {2}stores 296960 bytes, 1048576 at most$/m);
});

test("what is counted is what there is", async () => {
  await expectClean(server.dataDir);
});
