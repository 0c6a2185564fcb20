import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pdfOf } from "../../../../pages/src/testing/documents.ts";
import { createAccount } from "../../accounts/account-transactions.ts";
import { hasFfmpeg, makeClip } from "../../media/testing/clips.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openWholeApp, type WholeApp } from "../testing/whole-app.ts";

const canMakeClips = hasFfmpeg || process.env.CI === "true";
const drawing = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><rect width="9" height="9"/></svg>';
const pixels = (background: string) =>
  sharp({ create: { width: 400, height: 200, channels: 3, background } })
    .png()
    .toBuffer();

describeEngines((engine) => {
  let whole: WholeApp;

  beforeAll(async () => {
    whole = await openWholeApp({ ...(await engine.prepare()).settings, trashDays: 7 });
    for (const imagekitId of ["demo", "other"]) {
      const pair = { publicKey: `public_${imagekitId}`, privateKey: `private_${imagekitId}` };
      await whole.parts.database.run(createAccount, { imagekitId, pair, now: 1 });
    }
  });
  afterAll(() => whole?.close());

  const authorization = (account: string) => `Basic ${btoa(`private_${account}:`)}`;
  const ask = (method: "GET" | "HEAD" | "DELETE" | "POST", url: string, { account = "demo", ...more } = {}) =>
    whole.app.inject({ method, url, headers: { authorization: authorization(account), ...more } });

  async function upload(fileName: string, content: string | Buffer, more: Record<string, string> = {}) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ fileName, useUniqueFileName: "false", ...more }))
      form.set(name, value);
    form.set("file", new Blob([content as BlobPart]), fileName);
    const { headers, body } = new Request("http://localhost", { method: "POST", body: form });
    const answer = await whole.app.inject({
      method: "POST",
      url: "/api/v1/files/upload",
      headers: { authorization: authorization("demo"), "content-type": headers.get("content-type") ?? "" },
      payload: Buffer.from(await new Response(body).arrayBuffer()),
    });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json().fileId as string;
  }

  async function trashed(...asked: Parameters<typeof upload>): Promise<string> {
    const fileId = await upload(...asked);
    expect((await ask("DELETE", `/v1/files/${fileId}`)).statusCode).toBe(204);
    return fileId;
  }

  const thumbnail = (fileId: string, query = "", more = {}) =>
    ask("GET", `/_sluice/trash/${fileId}/thumbnail${query}`, more);

  describe("the thumbnail of a file in the trash", () => {
    test("is a picture in one of a few sizes that nothing keeps and no other site shows", async () => {
      const fileId = await trashed("picture.png", await pixels("#a03010"));
      const answer = await thumbnail(fileId);
      expect(await sharp(answer.rawPayload).metadata()).toMatchObject({ width: 320, height: 160 });
      expect(answer.headers).toMatchObject({
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox; default-src 'none'",
        "cross-origin-resource-policy": "same-origin",
        "x-content-type-options": "nosniff",
      });
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      const small = await thumbnail(fileId, "?side=160", { range: "bytes=0-9", "if-none-match": "*" });
      expect([small.statusCode, await sharp(small.rawPayload).metadata()]).toMatchObject([200, { width: 160 }]);
      const head = await ask("HEAD", `/_sluice/trash/${fileId}/thumbnail`);
      expect([head.statusCode, head.body]).toEqual([200, ""]);
      for (const query of ["?side=161", "?side=", "?side=160&side=160", "?page=1"]) {
        expect((await thumbnail(fileId, query)).json().reason, query).toBe("PARAMETER_INVALID");
      }
    });

    test("shows drafts and private files, and the current version", async () => {
      await upload("hidden.png", await pixels("#000000"), { isPublished: "false", isPrivateFile: "true" });
      const fileId = await trashed("hidden.png", await pixels("#ffffff"), {
        isPublished: "false",
        isPrivateFile: "true",
      });
      const { channels } = await sharp((await thumbnail(fileId)).rawPayload).stats();
      expect(channels[0]?.mean).toBeGreaterThan(250);
    });

    test("shows the first page of a PDF, and a drawing without its scripts", async () => {
      const paper = await trashed("paper.pdf", pdfOf([{ content: "" }]));
      expect((await thumbnail(paper, "?side=160")).headers["content-type"]).toBe("image/jpeg");
      const cleaned = await thumbnail(await trashed("drawing.svg", drawing));
      expect(cleaned.headers["content-type"]).toBe("image/svg+xml");
      expect(cleaned.body).toContain("rect");
      expect(cleaned.body).not.toContain("script");
    });

    test.runIf(canMakeClips)("shows a still of a video", async () => {
      const fileId = await trashed("film.mp4", await makeClip({ width: 320, height: 180, seconds: 1 }));
      const { rawPayload } = await thumbnail(fileId, "?side=160");
      expect(await sharp(rawPayload).metadata()).toMatchObject({ width: 160, height: 90 });
    });

    test("is missing where the file has none, and never the file itself", async () => {
      const secret = "what nobody may read";
      for (const [name, content] of [
        ["secret.txt", secret],
        ["broken.png", Buffer.concat([(await pixels("#fff")).subarray(0, 40), Buffer.from(secret)])],
        ["broken.svg", `<svg xmlns="http://www.w3.org/2000/svg"><g>${secret}`],
        ["broken.pdf", `%PDF-1.7 ${secret}`],
      ] as const) {
        const { statusCode, headers, body } = await thumbnail(await trashed(name, content));
        expect([name, statusCode, JSON.parse(body).reason]).toEqual([name, 404, "THUMBNAIL_NOT_FOUND"]);
        expect(headers["content-type"]).toContain("application/json");
        expect(body).not.toContain(secret);
      }
    });

    test("is there while the file is in the trash, for those who may read the trash", async () => {
      const fileId = await upload("mine.png", await pixels("#123456"));
      const reasonOf = async (account = "demo", id = fileId) =>
        (await thumbnail(id, "", { account })).json().reason as string;
      expect(await reasonOf()).toBe("FILE_NOT_IN_TRASH");
      await ask("DELETE", `/v1/files/${fileId}`);
      expect((await thumbnail(fileId)).statusCode).toBe(200);
      expect(await reasonOf("other")).toBe("FILE_NOT_IN_TRASH");
      expect(await reasonOf("demo", "x")).toBe("FILE_NOT_IN_TRASH");
      expect((await thumbnail(fileId, "", { authorization: "" })).json().reason).toBe("PRIVATE_KEY_MISSING");
      expect((await ask("GET", "/demo/mine.png?tr=w-320,h-320,c-at_max")).statusCode).toBe(404);
      const restore = { method: "POST", url: "/_sluice/trash/restore", payload: { fileIds: [fileId] } } as const;
      await whole.app.inject({ ...restore, headers: { authorization: authorization("demo") } });
      expect(await reasonOf()).toBe("FILE_NOT_IN_TRASH");
    });
  });
});
