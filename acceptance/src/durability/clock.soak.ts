import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acknowledged, expectKept } from "../harness/acknowledged.ts";
import { sluice } from "../harness/command.ts";
import { spoolFiles } from "../harness/data-dir.ts";
import { expectRefusal } from "../harness/expectations.ts";
import { fakeClock, fakeClockProblem } from "../harness/fake-clock.ts";
import { expectClean } from "../harness/fsck.ts";
import { call } from "../harness/media-api.ts";
import { filePart, textPart, textParts } from "../harness/multipart.ts";
import { describeWhere } from "../harness/needs.ts";
import { openUpload } from "../harness/open-upload.ts";
import { type ServerProcess, startServerProcess } from "../harness/server.ts";
import { mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";

const hour = 3600;
const content = Buffer.from("the content");
const fields = { fileName: "file.txt" };

/** A token that was issued `from` seconds from now and is valid for an hour. */
const mintFrom = (from: number) => {
  return mint({ ...fields, iat: Math.floor(Date.now() / 1000) + from }, { expiresIn: hour });
};

describeWhere(fakeClockProblem(), "a clock that is set back", () => {
  let folder: string;
  let dataDir: string;
  const servers: ServerProcess[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-clock-"));
    dataDir = join(folder, "data");
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function startAt(ahead: number) {
    const clock = await fakeClock(join(folder, "clock"), ahead);
    const server = await startServerProcess({ dataDir, environment: clock.environment });
    servers.push(server);
    const { headers } = await fetch(`${server.url}/health`);
    const shown = (Date.parse(headers.get("date") ?? "") - Date.now()) / 1000;
    expect(Math.abs(shown - ahead), "the server lives by the clock it was given").toBeLessThan(30);
    return { server, clock };
  }

  test("while the server runs makes no used token good again", async () => {
    const { server, clock } = await startAt(hour);
    // The token is valid an hour ahead, and now as well, because a token may be issued up to a minute in the future.
    const token = mintFrom(45);
    const kept = acknowledged(await uploadWithToken(server.url, content, fields, token), content);
    await clock.set(0);
    expectRefusal(await uploadWithToken(server.url, content, fields, token), 400, "TOKEN_USED");
    await clock.set(-hour);
    expectRefusal(await uploadWithToken(server.url, content, fields, token), 400, "TOKEN_INVALID");
    await expectKept(server.url, [kept]);
    await expectClean(dataDir);
  });

  test("after a sweep a week ahead makes no used token good again, and loses no file", async () => {
    const first = (await startAt(0)).server;
    const token = mintFrom(0);
    const kept = acknowledged(await uploadWithToken(first.url, content, fields, token), content);
    await first.stop();
    const { environment } = await fakeClock(join(folder, "clock"), 7 * 24 * hour);
    expect((await sluice(["sweep", "--data-dir", dataDir], { environment })).code).toBe(0);
    const { server } = await startAt(0);
    expectRefusal(await uploadWithToken(server.url, content, fields, token), 400, "TOKEN_USED");
    await expectKept(server.url, [kept]);
    await expectClean(dataDir);
  });

  test("between two runs leaves the order of versions as it is", async () => {
    const first = (await startAt(hour)).server;
    const overwriting = { ...fields, useUniqueFileName: "false" };
    const old = acknowledged(await uploadBasic(first.url, content, overwriting), content);
    await first.stop();
    const { server } = await startAt(-hour);
    const other = Buffer.from("the newer content");
    const current = acknowledged(await uploadBasic(server.url, other, overwriting), other);
    expect(current.fileId).toBe(old.fileId);
    await expectKept(server.url, [old, current]);
    const { body: versions } = await call(server.url, "GET", `/v1/files/${old.fileId}/versions`);
    expect(versions.map(({ versionInfo }: { versionInfo: { name: string } }) => versionInfo.name)).toEqual([
      "Version 2",
      "Version 1",
    ]);
    expect(Date.parse(versions[0].updatedAt)).toBeGreaterThan(Date.parse(versions[1].updatedAt));
    await expectClean(dataDir);
  });

  test("in the middle of an upload does not disturb it", async () => {
    const { server, clock } = await startAt(hour);
    const halves = Buffer.concat([Buffer.from("first half ".repeat(50_000)), Buffer.from("second half")]);
    const parts = [textPart("token", mintFrom(hour)), ...textParts(fields), filePart(halves)];
    const upload = openUpload(server.url, parts);
    await upload.sendUntil("second half");
    await expect.poll(() => spoolFiles(dataDir)).toHaveLength(1);
    await clock.set(-hour);
    upload.finish();
    const kept = acknowledged(await upload.answer, halves);
    await expectKept(server.url, [kept]);
    await expectClean(dataDir);
  });
});
