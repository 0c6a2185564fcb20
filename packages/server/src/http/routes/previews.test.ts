import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pdfOf } from "../../../../pages/src/testing/documents.ts";
import { createAccount } from "../../accounts/account-transactions.ts";
import { createKeyPair, revokeKeyPair } from "../../accounts/manage-key-pairs.ts";
import { previewLink } from "../../delivery/links/previews.ts";
import { hasFfmpeg, makeClip } from "../../media/testing/clips.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

const secret = "what nobody else may read";
const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>';

const canMakeClips = hasFfmpeg || process.env.CI === "true";

interface Stored {
  readonly fileId: string;
  readonly versionInfo: { readonly id: string };
}

describeEngines((engine) => {
  let whole: WholeApp;
  let draft: Stored;
  let hidden: Stored;
  let picture: Stored;
  let svg: Stored;

  beforeAll(async () => {
    whole = await openWholeApp((await engine.prepare()).settings);
    for (const imagekitId of ["demo", "other"]) {
      const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
      await whole.parts.database.run(createAccount, { imagekitId, pair, now: 1 });
    }
    draft = await upload("draft.txt", secret, { isPublished: "false" });
    hidden = await upload("a b/hidden.txt", secret, { isPrivateFile: "true" });
    const pixels = sharp({ create: { width: 400, height: 200, channels: 3, background: "#a03010" } });
    picture = await upload("picture.png", await pixels.png().toBuffer(), {
      isPublished: "false",
      isPrivateFile: "true",
    });
    svg = await upload("drawing.svg", drawing, { isPrivateFile: "true" });
  });
  afterAll(() => whole?.close());

  const authorization = (account: string) => `Basic ${btoa(`private_${account}:`)}`;

  async function upload(path: string, content: string | Buffer, more: Record<string, string>): Promise<Stored> {
    const [fileName = "", folder = ""] = path.split("/").reverse();
    const form = new FormData();
    const fields = { fileName, folder: `/${folder}`, useUniqueFileName: "false", ...more };
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", new Blob([content as BlobPart]), fileName);
    const { headers, body } = new Request("http://localhost", { method: "POST", body: form });
    const answer = await whole.app.inject({
      method: "POST",
      url: "/api/v1/files/upload",
      headers: { authorization: authorization("demo"), "content-type": headers.get("content-type") ?? "" },
      payload: Buffer.from(await new Response(body).arrayBuffer()),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  }

  async function ask(path: string, body: object, account = "demo") {
    const headers = { authorization: authorization(account) };
    const answer = await whole.app.inject({ method: "POST", url: path, headers, payload: JSON.stringify(body) });
    expect(answer.headers["cache-control"] ?? "no-store").toBe("no-store");
    return { status: answer.statusCode, body: answer.json() };
  }

  async function linkTo({ versionInfo: { id } }: Stored): Promise<string> {
    const { status, body } = await ask("/_sluice/previews", { versionIds: [id] });
    expect([status, body.missing]).toEqual([200, []]);
    return pathOf(body.previews[0].url);
  }

  const pathOf = (url: string) => url.slice(new URL(url).origin.length);
  const get = (url: string, headers = {}) => whole.app.inject({ method: "GET", url, headers });

  describe("a preview's link", () => {
    test("shows drafts and private files, in part as well, and keeps them out of shared caches", async () => {
      for (const stored of [draft, hidden]) {
        const link = await linkTo(stored);
        const answer = await get(link);
        expect([answer.statusCode, answer.body]).toEqual([200, secret]);
        expect(answer.headers["cache-control"]).toMatch(/^private, max-age=\d{3}$/);
        expect(answer.headers["x-content-type-options"]).toBe("nosniff");
        const part = await get(link, { range: "bytes=5-10" });
        expect([part.statusCode, part.body]).toEqual([206, secret.slice(5, 11)]);
        const head = await whole.app.inject({ method: "HEAD", url: link });
        expect([head.statusCode, head.headers["content-length"], head.body]).toEqual([200, `${secret.length}`, ""]);
      }
    });

    test("scales a picture down to one of a few sizes", async () => {
      const link = await linkTo(picture);
      const { rawPayload } = await get(`${link}&side=160`);
      expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 160, height: 80 });
      for (const side of ["161", "", "160&side=160"]) expect((await get(`${link}&side=${side}`)).statusCode).toBe(400);
    });

    test("shows the pages of a PDF, and the PDF itself without a side", async () => {
      const paper = pdfOf([{ content: "" }, { content: "", box: [0, 0, 100, 200] }]);
      const link = await linkTo(await upload("paper.pdf", paper, { isPrivateFile: "true" }));
      expect((await get(link)).rawPayload).toEqual(paper);
      for (const [rest, width, height] of [
        ["&side=160", 160, 107],
        ["&side=160&page=2", 80, 160],
      ] as const) {
        expect(await sharp((await get(`${link}${rest}`)).rawPayload).metadata()).toMatchObject({ width, height });
      }
      for (const rest of ["&page=1", "&side=160&page=0", "&side=160&page=1,w-9", "&side=160&page=3"]) {
        expect([rest, (await get(`${link}${rest}`)).statusCode]).toEqual([rest, 400]);
      }
    });

    test.runIf(canMakeClips)("shows a still of a video, and the video itself without a side", async () => {
      const film = await makeClip({ width: 320, height: 180, seconds: 1 });
      const link = await linkTo(await upload("film.mp4", film, { isPrivateFile: "true" }));
      expect((await get(link)).rawPayload).toEqual(film);
      const { rawPayload } = await get(`${link}&side=160`);
      expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 160, height: 90 });
    });

    test("runs nothing of a drawing", async () => {
      const answer = await get(await linkTo(svg));
      expect(answer.headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
      expect(answer.body).not.toContain("script");
    });

    test("opens one version for one account, for its time, and nothing else", async () => {
      const link = await linkTo(draft);
      const [, expires = ""] = /expires=(\d+)/.exec(link) ?? [];
      const later = String(Number(expires) + 1000);
      const spoiled = [
        link.replace(draft.versionInfo.id, hidden.versionInfo.id),
        link.replace("/demo/", "/other/"),
        link.replace("/demo/", "/nobody/"),
        link.replace(expires, later),
        link.replace(/signature=./, "signature="),
        link.replace(/signature=/, "ik-s="),
        link.replace(/&signature=.*/, ""),
        `${link}&signature=0`,
        `${link}&expires=${later}`,
      ];
      for (const url of spoiled) {
        const { statusCode, body } = await get(url);
        expect([url, statusCode, body.includes(secret)]).toEqual([url, 404, false]);
      }
    });

    test("is no other credential", async () => {
      const link = await linkTo(hidden);
      const [, signature = ""] = /signature=(\w+)/.exec(link) ?? [];
      const [, expires = ""] = /expires=(\d+)/.exec(link) ?? [];
      const asDelivery = [signature, signature.slice(0, 40)].map((text) => `?ik-t=${expires}&ik-s=${text}`);
      for (const query of asDelivery) expect((await get(`/demo/a%20b/hidden.txt${query}`)).statusCode).toBe(401);
      for (const credential of [`Basic ${btoa(`${signature}:`)}`, `Bearer ${signature}`]) {
        expect((await get("/v1/files", { authorization: credential })).statusCode).toBeGreaterThanOrEqual(401);
      }
    });

    test("ends when its time is over, and with the key pair that asked for it", async () => {
      const { database } = whole.parts;
      const pair = { publicKey: "public_second", privateKey: "private_second" };
      const account = { imagekit_id: "demo" };
      await database.run(createKeyPair, { account, pair, rights: { role: "full", mayOverwrite: false }, now: 1 });
      const { body } = await ask("/_sluice/previews", { versionIds: [draft.versionInfo.id] }, "second");
      const link = pathOf(body.previews[0].url);
      expect((await get(link)).statusCode).toBe(200);
      await database.run(revokeKeyPair, { account, revoked: { public_key: pair.publicKey }, now: Date.now() });
      expect((await get(link)).statusCode).toBe(404);
      const over = String(Math.floor(Date.now() / 1000) - 1);
      const { id: accountId } = await database.reader
        .selectFrom("accounts")
        .select("id")
        .where("imagekit_id", "=", "demo")
        .executeTakeFirstOrThrow();
      const claim = { accountId, versionId: draft.versionInfo.id, expires: over };
      const late = await get(previewLink("private_demo", "demo", claim));
      expect([late.statusCode, late.headers["ik-error"]]).toEqual([401, expect.stringContaining("EAUTH")]);
    });

    test("is made for versions of the own account alone", async () => {
      const { body } = await ask("/_sluice/previews", { versionIds: [draft.versionInfo.id] }, "other");
      expect([body.previews, body.missing]).toEqual([[], [draft.versionInfo.id]]);
    });
  });

  describe("a signed URL", () => {
    test("opens a private file in the transformations that were asked for, and nothing else", async () => {
      const transformations = ["", "w-30"];
      const { status, body } = await ask("/_sluice/signed-urls", {
        fileId: hidden.fileId,
        transformations,
        expireSeconds: 60,
      });
      expect([status, body.urls.map(({ transformation }: { transformation: string }) => transformation)]).toEqual([
        200,
        transformations,
      ]);
      for (const { url } of body.urls) expect((await get(pathOf(url))).body).toBe(secret);
      const [{ url }] = body.urls;
      const seconds = Number(/ik-t=(\d+)/.exec(url)?.[1]) - Date.now() / 1000;
      expect(seconds).toBeGreaterThan(55);
      expect(seconds).toBeLessThan(61);
      for (const spoiled of [url.replace("hidden", "hidden2"), `${url}&tr=w-31`, url.replace(/ik-t=1/, "ik-t=2")]) {
        expect((await get(pathOf(spoiled))).statusCode).toBe(401);
      }
    });

    test.runIf(canMakeClips)("opens the still of a private video", async () => {
      const film = await makeClip({ width: 320, height: 180, seconds: 1 });
      const { fileId } = await upload("signed.mp4", film, { isPrivateFile: "true" });
      const { body } = await ask("/_sluice/signed-urls", { fileId, thumbnails: ["w-160"], expireSeconds: 60 });
      expect(body.thumbnails).toMatchObject([{ transformation: "w-160" }]);
      const { rawPayload } = await get(pathOf(body.thumbnails[0].url));
      expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 160, height: 90 });
      expect((await get(pathOf(body.urls[0].url))).rawPayload).toEqual(film);
    });

    test("names an old version where one is asked for", async () => {
      const first = await upload("versions.txt", "first", { isPrivateFile: "true" });
      await upload("versions.txt", "second", { isPrivateFile: "true" });
      const asked = { fileId: first.fileId, versionId: first.versionInfo.id, expireSeconds: 60 };
      const { body } = await ask("/_sluice/signed-urls", asked);
      expect((await get(pathOf(body.urls[0].url))).body).toBe("first");
    });

    test.each([
      ["a draft", () => ({ fileId: draft.fileId, expireSeconds: 60 }), 400],
      ["a file that isn't there", () => ({ fileId: "0".repeat(24), expireSeconds: 60 }), 404],
      ["no lifetime", () => ({ fileId: hidden.fileId }), 400],
      ["a lifetime of no end", () => ({ fileId: hidden.fileId, expireSeconds: 31_536_001 }), 400],
      ["half a second", () => ({ fileId: hidden.fileId, expireSeconds: 0.5 }), 400],
      ["another parameter", () => ({ fileId: hidden.fileId, transformations: ["w-1&ik-t=9"], expireSeconds: 60 }), 400],
      ["no transformation", () => ({ fileId: hidden.fileId, transformations: ["nonsense-1"], expireSeconds: 60 }), 400],
      ["no list", () => ({ fileId: hidden.fileId, transformations: [], expireSeconds: 60 }), 400],
      ["no thumbnail", () => ({ fileId: hidden.fileId, thumbnails: ["nonsense-1"], expireSeconds: 60 }), 400],
      ["an unknown member", () => ({ fileId: hidden.fileId, expireSeconds: 60, url: "x" }), 400],
    ])("is not made for %s", async (_what, body, status) => {
      const answer = await ask("/_sluice/signed-urls", body());
      expect([answer.status, answer.body.urls]).toEqual([status, undefined]);
    });

    test("is not made for a file of another account", async () => {
      const answer = await ask("/_sluice/signed-urls", { fileId: hidden.fileId, expireSeconds: 60 }, "other");
      expect([answer.status, answer.body.reason]).toEqual([404, "FILE_NOT_FOUND"]);
    });
  });

  test.each([
    ["no ids", {}],
    ["an empty list", { versionIds: [] }],
    ["what is no id", { versionIds: ["x"] }],
    ["what is no list", { versionIds: "x" }],
    ["101 ids", { versionIds: Array(101).fill("0".repeat(24)) }],
  ])("previews are not made for %s", async (_what, body) => {
    const answer = await ask("/_sluice/previews", body);
    expect([answer.status, answer.body.reason]).toEqual([400, "PARAMETER_INVALID"]);
  });
});
