import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { insertNamedTransformation } from "../database/repositories/named-transformations.ts";
import { signPath, thumbnailOf, thumbnailSigner, thumbnailUrl } from "../library/files/asset-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";
import { withSwitches } from "./testing/switch-account.ts";

const key = "private_test";
const webp = { accept: "image/avif,image/webp,*/*" };

function noise(width: number, height: number) {
  return sharp({
    create: { width, height, channels: 3, background: "grey", noise: { type: "gaussian", mean: 128, sigma: 60 } },
  });
}

describeDelivery((suite) => {
  async function photo(path: string, options: { readonly isPrivate?: boolean } = {}): Promise<string> {
    const bytes = await noise(120, 80)
      .withExif({ IFD0: { Artist: path } })
      .jpeg({ quality: 95 })
      .toBuffer();
    await suite().store({ path, bytes, mime: "image/jpeg", ...options });
    return `/demo${path}`;
  }

  async function name(name: string, transformation: string, enabled: 0 | 1 = 1): Promise<void> {
    const { library, accountId } = suite();
    const row = { id: name, account_id: accountId, name, transformation, enabled, created_at: 0 };
    await insertNamedTransformation(library.writer, row);
  }

  const statusOf = async (target: string) => (await suite().get(target)).status;
  const signed = (target: string) => `/demo/${signPath(key, target.slice("/demo/".length))}`;

  describe("named transformations", () => {
    beforeAll(async () => {
      await name("small", "w-60");
      await name("chain", "w-50:rt-90");
      await name("nested", "n-small:rt-90");
      await name("deep", "n-nested");
      await name("off", "w-60", 0);
      await name("raw", "orig-true");
    });

    test("stand for what the account says, alone, in chains, beside explicit parameters, nested once", async () => {
      const target = await photo("/named/a.jpg");
      for (const [text, width, height] of [
        ["n-small", 60, 40],
        ["n-small:h-20", 30, 20],
        ["n-chain", 33, 50],
        ["n-small,w-30", 30, 20],
        ["rt-180,n-chain", 33, 50],
        ["n-nested", 40, 60],
      ] as const) {
        const { status, body } = await suite().get(`${target}?tr=${text}`);
        expect([text, status]).toEqual([text, 200]);
        expect(await sharp(body).metadata(), text).toMatchObject({ width, height });
      }
      for (const [text, message] of [
        ["n-deep", "Named transformations are nested more than 2 deep: small"],
        ["n-off", "Unknown named transformation: off"],
        ["n-Small", "Unknown named transformation: Small"],
      ]) {
        const { status, headers } = await suite().get(`${target}?tr=${text}`);
        expect([text, status, headers["ik-error"]]).toEqual([text, 400, `EINVALID - ${message}`]);
      }
    });

    test("show private files to everybody, unless anything else is said", async () => {
      const target = await photo("/named/secret.jpg", { isPrivate: true });
      await suite().store({ path: "/named/secret.txt", bytes: Buffer.from("secret"), isPrivate: true });
      expect(await statusOf(`${target}?tr=n-small`)).toBe(200);
      expect(await statusOf(`/demo/tr:n-small:n-small/named/secret.jpg`)).toBe(200);
      for (const text of ["n-small,w-2", "n-raw", "n-small:orig-true"]) {
        expect(await statusOf(`${target}?tr=${text}`)).toBe(401);
        expect(await statusOf(signed(`${target}?tr=${text}`))).toBe(200);
      }
      // The named transformation would deliver this file itself, since the file is no image.
      expect(await statusOf("/demo/named/secret.txt?tr=n-small")).toBe(401);
      expect(await statusOf(signed("/demo/named/secret.txt?tr=n-small"))).toBe(200);
    });
  });

  test("a thumbnail that the server signed opens that thumbnail of the file at the signed path, and nothing else", async () => {
    const { store } = suite();
    const thumbnailKey = { privateKey: thumbnailSigner(key), until: 4_000_000_000 };
    const signedFor = (folder: string, name: string) => {
      const asset = { folder_path: folder, name, is_private_file: 1 } as const;
      const endpoint = { publicUrl: "", imagekitId: "demo", thumbnailKey };
      return [thumbnailUrl(asset, endpoint), thumbnailOf(asset, endpoint, "updatedAt=1")] as const;
    };
    const bytes = await sharp({ create: { width: 30, height: 20, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const names = ["/secret/photo.jpg", "/secret/film.gif", "/own/é (1).jpg", "/secret/photo/x.jpg"];
    for (const path of names) await store({ path, bytes, mime: "image/jpeg", isPrivate: true });
    await withSwitches(suite(), { privateThumbnails: "signed" }, async () => {
      for (const url of [...signedFor("/own", "é (1).jpg"), ...signedFor("/secret/photo", "x.jpg")]) {
        expect(await statusOf(url), url).toBe(200);
        // The alias means `secret/photo.jpg`, which the uploader of `secret/photo/x.jpg` may not see.
        expect(await statusOf(url.replace("/demo/", "/demo/ik-seo/")), url).toBe(401);
        expect(await statusOf(url.replace("n-ik_ml_thumbnail", "w-400")), url).toBe(401);
      }
      for (const url of signedFor("/secret/film.gif", "ik-thumbnail.jpg")) expect(await statusOf(url), url).toBe(401);
      for (const url of signedFor("/secret", "gone.jpg")) expect(await statusOf(url), url).toBe(401);
      // What the owner signs still opens aliases and suffixes.
      for (const rest of ["secret/photo/x.jpg?tr=w-9", "tr:n-ik_ml_thumbnail/secret/photo/x.jpg"]) {
        expect(await statusOf(signed(`/demo/${rest}`).replace("/demo/", "/demo/ik-seo/")), rest).toBe(200);
      }
      expect(await statusOf(signed("/demo/secret/film.gif/ik-thumbnail.jpg"))).toBe(200);
    });
  });

  test("unsigned URLs are refused as the account restricts them, for images and for videos", async () => {
    const target = await photo("/restricted/a.jpg");
    await suite().store({ path: "/restricted/a.mp4", bytes: Buffer.from("video"), mime: "video/mp4" });
    await suite().store({ path: "/restricted/a.txt", bytes: Buffer.from("text") });
    const thumbnail = `${target}?tr=n-ik_ml_thumbnail`;
    const all = async () =>
      Promise.all(
        [target, thumbnail, `${target}?tr=w-9`, "/demo/restricted/a.mp4", "/demo/restricted/a.txt"].map(statusOf),
      );
    expect(await all()).toEqual([200, 200, 200, 200, 200]);
    await withSwitches(suite(), { restrictUnsignedImages: "except_named" }, async () => {
      expect(await all()).toEqual([401, 200, 401, 200, 200]);
      const { headers, body } = await suite().get(target);
      expect(headers["ik-error"]).toBe("EAUTH - The account's URLs have to be signed");
      expect(body.toString()).toBe("Unauthorised Image Access");
      expect(await statusOf(signed(`${target}?tr=w-9`))).toBe(200);
      // A client without access can't tell a missing file from an existing one.
      expect(await statusOf("/demo/restricted/none.jpg")).toBe(401);
      expect(await statusOf(signed("/demo/restricted/none.jpg"))).toBe(404);
    });
    await withSwitches(suite(), { restrictUnsignedImages: "all", restrictUnsignedVideos: "all" }, async () => {
      expect(await all()).toEqual([401, 401, 401, 401, 200]);
      expect(await statusOf(signed("/demo/restricted/a.mp4"))).toBe(200);
    });
  });

  test("where names alone are taken, a signature opens no other transformation", async () => {
    const target = await photo("/unnamed/a.jpg");
    await withSwitches(suite(), { restrictUnnamed: true }, async () => {
      expect(await statusOf(target)).toBe(200);
      expect(await statusOf(`${target}?tr=n-ik_ml_thumbnail`)).toBe(200);
      for (const text of ["w-9", "n-ik_ml_thumbnail,w-9", "orig-true"]) {
        expect(await statusOf(`${target}?tr=${text}`)).toBe(400);
        expect(await statusOf(signed(`${target}?tr=${text}`))).toBe(400);
      }
    });
  });

  test("formats are chosen as the account says", async () => {
    const target = `${await photo("/formats/a.jpg")}?tr=w-60`;
    const typeOf = async (url = target) => (await suite().get(url, webp)).headers["content-type"];
    expect(await typeOf()).toBe("image/webp");
    await withSwitches(suite(), { avif: true }, async () => {
      expect(await typeOf()).toBe("image/avif");
      expect(await typeOf(`${target},f-jpg`)).toBe("image/jpeg");
    });
    await withSwitches(suite(), { bestFormat: false }, async () => {
      const { headers } = await suite().get(target, webp);
      expect([headers["content-type"], headers.vary]).toEqual(["image/jpeg", undefined]);
      expect(await typeOf(`${target},f-auto`)).toBe("image/webp");
    });
  });

  test("quality, chroma, metadata and profile are as the account says, unless the URL says it", async () => {
    const target = `${await photo("/encoded/a.jpg")}?tr=w-100`;
    const got = async (text = "", headers = {}) => {
      const { body, headers: answered } = await suite().get(target + text, headers);
      const { exif, chromaSubsampling } = await sharp(body).metadata();
      return {
        size: body.length,
        exif: exif !== undefined,
        chromaSubsampling,
        etag: answered.etag,
        vary: answered.vary,
      };
    };
    const standard = await got();
    expect(standard).toMatchObject({ exif: false, chromaSubsampling: "4:2:0" });
    await withSwitches(suite(), { quality: 20 }, async () => {
      const low = await got();
      expect(low.size).toBeLessThan(standard.size / 1.5);
      expect(low.etag).not.toBe(standard.etag);
      expect((await got(",q-80")).size).toBe(standard.size);
    });
    await withSwitches(suite(), { chromaSubsampling: "4:4:4", stripMetadata: false }, async () => {
      expect(await got()).toMatchObject({ exif: true, chromaSubsampling: "4:4:4" });
      expect(await got(",md-false")).toMatchObject({ exif: false });
    });
    await withSwitches(suite(), { dataSaver: true }, async () => {
      const saving = await got("", { "save-data": "on" });
      expect(saving.size).toBeLessThan(standard.size);
      expect(saving.vary).toBe("Accept, Save-Data");
      expect(await got("", { "save-data": "off" })).toEqual({ ...standard, vary: "Accept, Save-Data" });
      expect(await got(",q-80", { "save-data": "on" })).toMatchObject({ size: standard.size, vary: "Accept" });
    });
    expect((await got("", { "save-data": "on" })).size).toBe(standard.size);
  });

  test("PNGs are compressed as the account says", async () => {
    await suite().store({ path: "/png/a.png", bytes: await noise(60, 60).blur(8).png().toBuffer(), mime: "image/png" });
    const sizeOf = async () => (await suite().get("/demo/png/a.png?tr=w-50,f-png")).body.length;
    const lossy = await sizeOf();
    for (const pngCompression of ["minimum", "none"] as const) {
      await withSwitches(suite(), { pngCompression }, async () => {
        expect(await sizeOf()).toBeGreaterThan(lossy);
      });
    }
  });

  test("photos stay as they lie where the account says so", async () => {
    const bytes = await noise(60, 40).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    await suite().store({ path: "/turned/a.jpg", bytes, mime: "image/jpeg" });
    const widthOf = async (text: string) =>
      (await sharp((await suite().get(`/demo/turned/a.jpg?tr=${text}`)).body).metadata()).width;
    expect(await widthOf("q-80")).toBe(40);
    await withSwitches(suite(), { autoOrient: false }, async () => {
      expect(await widthOf("q-80")).toBe(60);
      expect(await widthOf("rt-auto")).toBe(40);
    });
  });

  test("unknown parameters are ignored, and shared caches keep answers, as the account says", async () => {
    const target = `${await photo("/lenient/a.jpg")}?tr=w-60,nonsense-1`;
    expect(await statusOf(target)).toBe(400);
    await withSwitches(suite(), { unknownParameters: "ignore", sharedCacheSeconds: 3600 }, async () => {
      const { status, headers } = await suite().get(target);
      expect([status, headers["cache-control"]]).toEqual([200, "public, max-age=0, s-maxage=3600, must-revalidate"]);
      expect(await statusOf(target.replace("w-60", "w-x"))).toBe(400);
    });
  });
});
