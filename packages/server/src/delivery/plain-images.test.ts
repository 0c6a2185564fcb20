import { randomBytes } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { expect, test } from "vitest";
import { signPath } from "../library/files/asset-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";
import { withSwitches } from "./testing/switch-account.ts";

const webp = { accept: "image/avif,image/webp,*/*" };

function photo(): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 30 } as const;
  return sharp({ create: { width: 300, height: 200, channels: 3, background: "teal", noise } })
    .withExif({ IFD0: { Artist: "Ada" }, IFD3: { GPSLatitude: "52/1 30/1 0/1" } })
    .jpeg({ quality: 100 })
    .toBuffer();
}

/** An image with more pixels than the server accepts, in a few bytes. */
function vast(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(30_000, 0);
  header.writeUInt32BE(30_000, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync("")),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([numbers.subarray(0, 4), typed, numbers.subarray(4)]);
}

// docs/protocol/delivery.md §15.20
describeDelivery((suite) => {
  test("an image's plain URL gives one made for the client, without what the camera wrote into it", async () => {
    const { store, get } = suite();
    const bytes = await photo();
    await store({ path: "/plain/a.jpg", bytes, mime: "image/jpeg" });
    for (const [headers, format] of [
      [{}, "jpeg"],
      [webp, "webp"],
    ] as [Record<string, string>, string][]) {
      const { status, headers: answered, body } = await get("/demo/plain/a.jpg", headers);
      expect(status).toBe(200);
      expect(answered).toMatchObject({ "content-type": `image/${format}`, vary: "Accept" });
      expect(answered["cache-control"]).toBe("public, max-age=0, s-maxage=60, must-revalidate");
      const metadata = await sharp(body).metadata();
      expect(metadata).toMatchObject({ format, width: 300, height: 200 });
      expect(metadata.exif).toBeUndefined();
      expect(body.length).toBeLessThan(bytes.length);
      const again = await get("/demo/plain/a.jpg", { ...headers, "if-none-match": String(answered.etag) });
      expect(again.status).toBe(304);
    }
    const raw = await get("/demo/plain/a.jpg?tr=orig-true", webp);
    expect([raw.body, raw.headers.vary, raw.headers["content-type"]]).toEqual([bytes, undefined, "image/jpeg"]);
  });

  test("where the account says so, it gives the bytes as they were uploaded", async () => {
    const { store, get } = suite();
    const bytes = await photo();
    await store({ path: "/plain/b.jpg", bytes, mime: "image/jpeg" });
    await withSwitches(suite(), { plainImages: "original" }, async () => {
      expect((await get("/demo/plain/b.jpg", webp)).body).toEqual(bytes);
      expect((await get("/demo/plain/b.jpg?tr=bg-", webp)).body).toEqual(bytes);
      expect((await get("/demo/plain/b.jpg?tr=q-80", webp)).headers["content-type"]).toBe("image/webp");
      expect((await get("/demo/plain/b.jpg", { range: "bytes=0-1" })).status).toBe(206);
    });
  });

  test("what can't be read is given as it is, as is what isn't an image or of no format that is read", async () => {
    const { store, get } = suite();
    for (const [name, mime] of [
      ["broken.jpg", "image/jpeg"],
      ["broken.png", "image/png"],
      ["a.bmp", "image/bmp"],
      ["a.psd", "image/vnd.adobe.photoshop"],
      ["a.mp4", "video/mp4"],
      ["a.pdf", "application/pdf"],
    ] as const) {
      const bytes = Buffer.from(`no picture: ${name}`);
      await store({ path: `/as-it-is/${name}`, bytes, mime });
      const { status, headers, body } = await get(`/demo/as-it-is/${name}`, webp);
      expect([name, status, headers["content-type"], body]).toEqual([name, 200, mime, bytes]);
      expect((await get(`/demo/as-it-is/${name}`, { "if-none-match": String(headers.etag) })).status).toBe(304);
      expect((await get(`/demo/as-it-is/${name}`, { range: "bytes=3-9" })).body.toString()).toBe("picture");
    }
  });

  test("what is beyond the limits is refused, and its bytes are there all the same", async () => {
    const { store, get } = suite();
    await store({ path: "/plain/vast.png", bytes: vast(), mime: "image/png" });
    const { status, headers } = await get("/demo/plain/vast.png");
    expect([status, headers["ik-error"]]).toEqual([
      400,
      "ELIMIT - The image has more pixels than this server works with",
    ]);
    expect((await get("/demo/plain/vast.png?tr=orig-true")).body).toEqual(vast());
  });

  test("an animation goes on playing, and a private image needs its signature", async () => {
    const { store, get } = suite();
    const noise = { width: 64, height: 3 * 64, channels: 3, pageHeight: 64 } as const;
    const bytes = await sharp(randomBytes(64 * 3 * 64 * 3), { raw: noise })
      .gif()
      .toBuffer();
    await store({ path: "/plain/a.gif", bytes, mime: "image/gif" });
    expect(await sharp((await get("/demo/plain/a.gif")).body).metadata()).toMatchObject({ format: "gif", pages: 3 });
    expect(await sharp((await get("/demo/plain/a.gif", webp)).body).metadata()).toMatchObject({
      format: "webp",
      pages: 3,
    });
    await store({ path: "/plain/secret.gif", bytes, mime: "image/gif", isPrivate: true });
    expect((await get("/demo/plain/secret.gif")).status).toBe(401);
    const signed = await get(`/demo/${signPath("private_test", "plain/secret.gif")}`, webp);
    expect([signed.status, signed.headers["content-type"]]).toEqual([200, "image/webp"]);
  });

  test("a download is named for what is in it", async () => {
    const { store, get } = suite();
    await store({ path: "/plain/c.jpeg", bytes: await photo(), mime: "image/jpeg" });
    const nameOf = async (query: string) =>
      (await get(`/demo/plain/c.jpeg?ik-attachment=true${query}`, webp)).headers["content-disposition"];
    expect(await nameOf("")).toBe("attachment; filename=c.webp");
    expect(await nameOf("&ik-attachment-filename=mine")).toBe("attachment; filename=mine.webp");
    expect(await nameOf("&tr=orig-true")).toBe("attachment; filename=c.jpeg");
  });
});
