import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAccount } from "../../accounts/account-transactions.ts";
import { releaseContentHold, takeContentHold } from "../../library/holds/content-hold.ts";
import { releaseContents } from "../../maintenance/sweep-blobs.ts";
import { describeEngines, type EnginePlace } from "../../testing/engines.ts";
import { never } from "../../testing/upload-fixture.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

describeEngines((engine) => {
  let place: EnginePlace;
  let whole: WholeApp;
  beforeEach(async () => {
    place = await engine.prepare();
    whole = await openWholeApp(place.settings);
    for (const imagekitId of ["demo", "other"]) {
      const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
      await whole.parts.database.run(createAccount, { imagekitId, pair, now: 1 });
    }
  });
  afterEach(async () => {
    await whole.close();
    await place.drop();
  });

  const authorization = (account: string) => ({ authorization: `Basic ${btoa(`private_${account}:`)}` });

  async function upload(fileName: string, content: Uint8Array<ArrayBuffer>, account = "demo") {
    const form = new FormData();
    form.set("file", new Blob([content]), fileName);
    form.set("fileName", fileName);
    form.set("useUniqueFileName", "false");
    const body = new Response(form);
    const answer = await whole.app.inject({
      method: "POST",
      url: "/api/v1/files/upload",
      headers: { ...authorization(account), "content-type": body.headers.get("content-type") ?? "" },
      payload: Buffer.from(await body.arrayBuffer()),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return String(answer.json().fileId);
  }

  async function remove(fileId: string, account = "demo") {
    const url = `/v1/files/${fileId}`;
    const { statusCode } = await whole.app.inject({ method: "DELETE", url, headers: authorization(account) });
    expect(statusCode).toBe(204);
  }

  async function ask(body: object = {}, account = "demo") {
    const headers = authorization(account);
    const answer = await whole.app.inject({ method: "POST", url: "/_sluice/sweep", headers, payload: body });
    return { status: answer.statusCode, body: answer.json() };
  }

  async function storedKeys(): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of whole.parts.blobs.list()) keys.push(key);
    return keys;
  }

  test("the contents of the account's deleted files are removed, and what they took is told", async () => {
    await remove(await upload("a.bin", randomBytes(5000)));
    await remove(await upload("b.bin", randomBytes(3000)));
    await upload("kept.bin", randomBytes(10));
    await remove(await upload("theirs.bin", randomBytes(100), "other"), "other");
    const none = { heldUntil: null, nextCursor: null };
    expect(await ask()).toEqual({ status: 200, body: { contents: 2, bytes: 8000, ...none } });
    expect(await ask()).toEqual({ status: 200, body: { contents: 0, bytes: 0, ...none } });
    expect(await storedKeys()).toHaveLength(2);
    expect(await ask({}, "other")).toMatchObject({ body: { contents: 1, bytes: 100 } });
  });

  test("what holds the contents is told, with the time", async () => {
    await remove(await upload("a.bin", randomBytes(5000)));
    await whole.parts.database.run(takeContentHold, { holder: "backup", leaseMs: 60_000, now: Date.now() });
    const { status, body } = await ask();
    expect([status, body.contents, body.nextCursor]).toEqual([200, 0, null]);
    expect(Date.parse(body.heldUntil)).toBeGreaterThan(Date.now());
    await whole.parts.database.run(releaseContentHold, { holder: "backup" });
    expect(await ask()).toMatchObject({ body: { contents: 1, heldUntil: null } });
  });

  test("a cursor goes on behind the contents that were looked at", async () => {
    await remove(await upload("a.bin", randomBytes(5000)));
    expect(await ask({ cursor: Buffer.alloc(32, 255).toString("base64url") })).toMatchObject({ body: { contents: 0 } });
    expect(await ask({ cursor: Buffer.alloc(32).toString("base64url") })).toMatchObject({ body: { contents: 1 } });
  });

  test.each([{ cursor: "x" }, { cursor: 1 }, { cursor: "!".repeat(43) }, { all: true }])(
    "%j is refused",
    async (body) => {
      const answer = await ask(body);
      expect([answer.status, answer.body.reason]).toEqual([400, "PARAMETER_INVALID"]);
    },
  );

  type Part = { [name: string]: unknown };

  /** Runs the function once, before the next call of this method. @returns how often the method was called */
  function before(part: object, method: string, happen: () => Promise<unknown>): () => number {
    const real = (part as Part)[method] as (...asked: unknown[]) => unknown;
    let calls = 0;
    const patched = async (...asked: unknown[]) => {
      if (++calls === 1) await happen();
      return real.apply(part, asked);
    };
    Object.assign(part, { [method]: patched });
    return () => calls;
  }

  const deletedAtOnce = (fileId: string) => async () => {
    await remove(fileId);
    expect(await releaseContents(whole.services, {}, never)).toMatchObject({ contents: 1 });
  };

  test.each(["size", "read"] as const)(
    "a file that is deleted and removed after a delivery has found it, before its %s, is answered 404",
    async (step) => {
      const fileId = await upload("a.bin", randomBytes(5000));
      const calls = before(whole.parts.blobs, step, deletedAtOnce(fileId));
      const answer = await whole.app.inject({ url: "/demo/a.bin" });
      expect(calls()).toBeGreaterThan(0);
      expect([answer.statusCode, answer.headers["ik-error"]]).toEqual([404, expect.stringContaining("ENOENT")]);
      expect(answer.headers).not.toHaveProperty("etag");
    },
  );

  test("an image whose file is deleted and removed before it is read is answered 404", async () => {
    const image = { width: 60, height: 40, channels: 3, background: "#369" } as const;
    const png = await sharp({ create: image }).png().toBuffer();
    const fileId = await upload("a.png", new Uint8Array(png));
    const calls = before(whole.services.images, "render", deletedAtOnce(fileId));
    const answer = await whole.app.inject({ url: "/demo/tr:w-30/a.png" });
    expect(calls()).toBeGreaterThan(0);
    expect(answer.statusCode).toBe(404);
  });

  test("a new version that takes the place of the removed one is delivered", async () => {
    const fileId = await upload("a.bin", randomBytes(5000));
    const content = randomBytes(300);
    before(whole.parts.blobs, "size", async () => {
      await deletedAtOnce(fileId)();
      await upload("a.bin", content);
    });
    const answer = await whole.app.inject({ url: "/demo/a.bin" });
    expect([answer.statusCode, answer.rawPayload.equals(content)]).toEqual([200, true]);
  });

  test("a delivery that has begun is sent to its end", async () => {
    const content = randomBytes(8 * 1024 * 1024);
    const fileId = await upload("a.bin", content);
    const answer = await fetch(`${await whole.listen()}/demo/a.bin`);
    await deletedAtOnce(fileId)();
    expect(await storedKeys()).toEqual([]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  });

  test("a content that its file refers to and the store has lost is an error of the server's, as before", async () => {
    await upload("a.bin", randomBytes(5000));
    for (const key of await storedKeys()) await whole.parts.blobs.delete(key);
    expect((await whole.app.inject({ url: "/demo/a.bin" })).statusCode).toBe(500);
  });
});
