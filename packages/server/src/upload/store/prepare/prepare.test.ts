import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { setAccount } from "../../../accounts/account-transactions.ts";
import { findBuiltIn } from "../../../library/named-transformations/named-transformations.ts";
import { inspectMedia } from "../../../media/inspect/inspect-media.ts";
import { MediaError } from "../../../media/media-error.ts";
import { heicTurned } from "../../../media/testing/heif-pictures.ts";
import {
  animation,
  blue,
  expectColour,
  green,
  plain,
  quadrants,
  readPixels,
  red,
} from "../../../media/testing/pictures.ts";
import { readHeader } from "../../../media/testing/read-header.ts";
import type { SpoolFile } from "../../../spool/spool-file.ts";
import { never, openUploadFixture, type UploadFixture } from "../../../testing/upload-fixture.ts";
import { readPre } from "../../resolve/read-pre.ts";
import { validate } from "../../resolve/validate.ts";
import { commit } from "../commit.ts";
import { type PreparedFile, prepare } from "./prepare.ts";

let fixture: UploadFixture;
/** The files that came with this test's uploads. Their receiver discards them, which here is the test. */
const received: SpoolFile[] = [];
beforeAll(async () => {
  fixture = await openUploadFixture();
});
afterAll(() => fixture.close());
afterEach(async () => {
  for (const file of received.splice(0)) await file.discard();
});

type Services = Parameters<typeof prepare>[0];

/** Prepares the file to be stored for an upload with these bytes and this `pre`. */
async function prepared(
  bytes: Buffer,
  pre: string,
  { services = {} as Partial<Services>, signal = never } = {},
): Promise<PreparedFile> {
  const transformation = JSON.stringify({ pre });
  const request = validate(new Map(Object.entries({ fileName: "a", transformation })));
  const media = await inspectMedia({ chunks: [bytes], size: bytes.length, fileName: "a", readHeader });
  const upload = fixture.parts.spool.create();
  received.push(upload);
  await upload.write(bytes);
  const { images } = fixture.services;
  const asked = request.transformation && (await readPre(request.transformation, async () => findBuiltIn, images));
  const party = { account: fixture.principal.accountId, client: "" };
  const file = { party, request, pre: asked, spooled: await upload.finish(), media };
  return prepare({ ...fixture.services, ...services }, file, signal);
}

async function bytesOf({ spooled }: PreparedFile): Promise<Buffer> {
  if ("chunks" in spooled) return Buffer.concat(spooled.chunks);
  if ("openRange" in spooled) throw new Error("it is in no file");
  return readFile(spooled.path);
}

/** Stores a picture in the library. */
async function stored(fileName: string, bytes: Buffer, fields: Readonly<Record<string, string>> = {}): Promise<void> {
  const request = validate(new Map(Object.entries({ fileName, useUniqueFileName: "false", ...fields })));
  const media = await inspectMedia({ chunks: [bytes], size: bytes.length, fileName, readHeader });
  const file = fixture.parts.spool.create();
  try {
    await file.write(bytes);
    const upload = { principal: fixture.principal, request, media, spooled: await file.finish() };
    await commit(fixture.services, upload, never);
  } finally {
    await file.discard();
  }
}

/** Prepares the file, reads its facts and discards it. */
async function made(bytes: Buffer, pre: string) {
  const file = await prepared(bytes, pre);
  try {
    return { media: file.media, metadata: await sharp(await bytesOf(file), { animated: true }).metadata() };
  } finally {
    await file.discard();
  }
}

const photo = (): Promise<Buffer> => quadrants(60, 40).jpeg().toBuffer();
const noise = (side: number): Promise<Buffer> =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .jpeg()
    .toBuffer();

describe("what is made", () => {
  test("has its own size and type, and is as long as its record says", async () => {
    const file = await prepared(await photo(), "w-30,f-webp");
    expect(file.media).toMatchObject({ mime: "image/webp", kind: "picture", width: 30, height: 20 });
    expect((await bytesOf(file)).length).toBe(file.spooled.size);
    await file.discard();
  });

  test("of an animation plays on, unless the format can't", async () => {
    const gif = await animation([red, green, blue], 8, 6).gif().toBuffer();
    expect(await made(gif, "w-4")).toMatchObject({
      media: { mime: "image/gif", width: 4, height: 3, animated: true },
      metadata: { pages: 3 },
    });
    expect((await made(gif, "w-4,f-png")).media).toMatchObject({ mime: "image/png", width: 4, height: 3 });
  });

  test("of what browsers don't show is what they do", async () => {
    const tiff = await quadrants(60, 40).tiff().toBuffer();
    expect((await made(tiff, "w-30")).media).toMatchObject({ mime: "image/jpeg", width: 30, height: 20 });
    expect((await made(heicTurned, "w-10")).media).toMatchObject({ mime: "image/jpeg", width: 10 });
  });

  test("goes by the account's delivery, but for the best format", async () => {
    const { database } = fixture.parts;
    const picture = await sharp(await photo())
      .withExif({ IFD0: { Copyright: "somebody" } })
      .toBuffer();
    expect((await made(picture, "w-30")).metadata.exif).toBeUndefined();
    await database.run(setAccount, { imagekitId: "demo", changes: { delivery: { stripMetadata: false } } });
    const kept = await made(picture, "w-30");
    await database.run(setAccount, { imagekitId: "demo", changes: { delivery: { stripMetadata: true } } });
    expect(kept.metadata).toMatchObject({ format: "jpeg", exif: expect.anything() });
  });

  test("has files of the library drawn on it, as they are at that time", async () => {
    const seal = await quadrants(20, 10).png().toBuffer();
    await stored("seal.png", seal);
    const file = await prepared(
      await plain(60, 40, "#fff").png().toBuffer(),
      "l-image,i-seal.png,t-false,lx-0,ly-0,l-end",
    );
    const { at } = await readPixels(await bytesOf(file));
    await file.discard();
    expectColour(at(2, 2), red);
    expectColour(at(17, 2), green);
    expectColour(at(30, 30), [255, 255, 255]);
  });

  test("may be the file itself", async () => {
    const bytes = await photo();
    const file = await prepared(bytes, "orig-true,w-10");
    expect((await bytesOf(file)).equals(bytes)).toBe(true);
  });
});

describe("what can't be made leaves nothing behind", () => {
  const invalid = { status: 400, reason: "TRANSFORMATION_INVALID" };

  async function expectRefused(refused: Promise<unknown>, refusal: object): Promise<void> {
    await expect(refused).rejects.toMatchObject(refusal);
    expect(fixture.parts.spool.usage().files).toBe(received.length);
  }

  test.each([
    ["a beginning", async () => (await photo()).subarray(0, 300)],
    ["four bytes", async () => Buffer.from("GIF8")],
    ["a header that lies", async () => lyingPng(40_000, 40_000)],
    [
      "a picture of a type that isn't decoded",
      async () => Buffer.from("8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x01\0\0\0\x01\0\x08\0\x03"),
    ],
  ])("%s", async (_, bytes) => {
    await expectRefused(prepared(await bytes(), "w-10"), { status: 400 });
  });

  test("more than a file of this plan may have", async () => {
    const services = { config: { ...fixture.config, fileSize: { file: 10_000, video: 10_000 } } };
    const refused = prepared(await noise(60), "w-200,f-png,lo-true", { services });
    await expectRefused(refused, { reason: "FILE_TOO_LARGE" });
  });

  test("while the engine is busy it may be asked for again", async () => {
    const busy = () => Promise.reject(new MediaError("EBUSY", "Too many images are being rendered"));
    const images = { ...fixture.parts.images, render: busy };
    const refused = prepared(await photo(), "w-10", { services: { images } });
    await expectRefused(refused, { status: 503, reason: "SERVER_BUSY" });
  });

  test("when the client has left", async () => {
    const left = new AbortController();
    const images = {
      ...fixture.parts.images,
      render: (asked: Parameters<Services["images"]["render"]>[0]) => {
        left.abort();
        return fixture.parts.images.render(asked);
      },
    };
    const refused = prepared(await photo(), "w-10", { services: { images }, signal: left.signal });
    await expectRefused(refused, { name: "AbortError" });
  });

  test.each([
    ["a layer that is missing", "nobody.png", "overlay nobody.png not found"],
    ["a layer that is private", "secret.png", "overlay secret.png not found"],
  ])("%s", async (_, path, words) => {
    await stored("secret.png", await quadrants(20, 10).png().toBuffer(), { isPrivateFile: "true" });
    const refused = prepared(await photo(), `l-image,i-${path},l-end`);
    await expectRefused(refused, { ...invalid, help: expect.stringContaining(words) });
  });

  test("around faces, where the package that finds them is not installed", async () => {
    const refused = async (transformation: object) => {
      const fields = new Map(Object.entries({ fileName: "a", transformation: JSON.stringify(transformation) }));
      const { transformation: asked } = validate(fields);
      const reading = asked && readPre(asked, async () => findBuiltIn, { detects: false });
      return reading?.catch((error: unknown) => error);
    };
    const refusal = { ...invalid, help: expect.stringContaining("needs the package @sluice/auto-tagging") };
    expect(await refused({ pre: "w-9,h-9,fo-face" })).toMatchObject(refusal);
    expect(await refused({ post: [{ type: "transformation", value: "fo-dog" }] })).toMatchObject(refusal);
    expect(await refused({ pre: "w-9,h-9,fo-auto" })).not.toBeInstanceOf(Error);
  });

  test("by the words of the engine", async () => {
    await expectRefused(prepared(await photo(), "w-50000,h-50000"), {
      ...invalid,
      help: expect.stringMatching(/^pre: /),
    });
  });
});

/** A PNG whose header announces far more than there is. */
function lyingPng(width: number, height: number): Buffer {
  const header = Buffer.from("89504e470d0a1a0a0000000d494844520000000000000000080200000000000000", "hex");
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header;
}
