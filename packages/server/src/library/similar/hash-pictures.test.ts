import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findDominantColors, findPictureHash } from "../../database/repositories/picture-hashes.ts";
import { releaseBlobs } from "../../maintenance/sweep-transactions.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import { inspectMedia } from "../../media/inspect/inspect-media.ts";
import { MediaError } from "../../media/media-error.ts";
import { openImages } from "../../media/testing/open-images.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { fieldsOnce, resolveCustomMetadata } from "../../upload/resolve/custom-metadata.ts";
import { validate } from "../../upload/resolve/validate.ts";
import { commit } from "../../upload/store/commit.ts";
import { removeFileTransaction } from "../files/edit-files.ts";
import { type FingerprintQueue, hashPictures, openFingerprintQueue } from "./hash-pictures.ts";
import { colorPictures } from "./jobs.ts";
import { findSimilarBlobs, hashedShare } from "./similar-blobs.ts";

/** A picture of `count` bright squares on a dark ground, at places that depend on `seed`. */
async function picture(seed: number, size = 256): Promise<Buffer> {
  const squares = Array.from({ length: 6 }, (_, index) => {
    const side = 30 + ((seed * 7 + index * 13) % 50);
    const [x, y] = [(seed * 53 + index * 97) % 200, (seed * 29 + index * 61) % 200];
    return `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="hsl(${index * 60},80%,70%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 256 256"><rect width="256" height="256" fill="#123"/>${squares.join("")}</svg>`;
  return sharp(Buffer.from(svg)).resize(size).png().toBuffer();
}

describeEngines((engine) => {
  let fixture: UploadFixture;
  let images: ImageEngine;
  let fingerprints: FingerprintQueue;
  const warn = vi.fn();

  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    images = openImages({ limits: fixture.config.limits });
    fingerprints = openFingerprintQueue();
    warn.mockClear();
  });
  afterEach(async () => {
    await images.close();
    await fixture.close();
  });

  const hash = (overlapMs = 60_000) =>
    hashPictures(
      { ...fixture.parts, images, fingerprints, logger: { warn } },
      { overlapMs, rest: async () => undefined },
      never,
    );

  async function store(bytes: Buffer, fileName: string, principal = fixture.principal) {
    fixture.time += 1;
    const file = fixture.parts.spool.create();
    try {
      await file.write(Buffer.from(bytes));
      const spooled = await file.finish();
      const request = validate(new Map(Object.entries({ fileName, useUniqueFileName: "false" })));
      const media = await inspectMedia({
        ...{ chunks: [bytes], size: bytes.length, fileName, head: bytes },
        ...{ readHeader: images.readHeader, signal: never },
      });
      const { customMetadata } = await resolveCustomMetadata(
        fieldsOnce(fixture.parts.customFields),
        principal,
        request,
      );
      return await commit(fixture.services, { principal, request, media, spooled, customMetadata }, never);
    } finally {
      await file.discard();
    }
  }

  async function similarTo(blobId: string, { viewer } = fixture.principal) {
    const { reader } = fixture.parts.database;
    const own = await findPictureHash(reader, blobId);
    expect(own).toMatch(/^[0-9a-f]{16}$/);
    const found = await findSimilarBlobs(reader, viewer, { hash: own ?? "", distance: 8 }, never);
    return found.map(({ id }) => id);
  }

  test("finds the same picture in another size and format, the closest first, and no other picture", async () => {
    const original = await store(await picture(1), "original.png");
    const smaller = await store(
      await sharp(await picture(1))
        .resize(120)
        .jpeg({ quality: 60 })
        .toBuffer(),
      "small.jpg",
    );
    await store(await picture(5), "other.png");
    expect(await hash()).toBe(3);
    expect(await similarTo(original.blob_id)).toEqual([original.blob_id, smaller.blob_id]);
  });

  test("a search for similar pictures lets others go on, until nobody waits for it", async () => {
    const nobody = new AbortController();
    setImmediate(() => nobody.abort(new Error("nobody waits")));
    const asked = { hash: "0123456789abcdef", distance: 15 };
    const found = findSimilarBlobs(fixture.parts.database.reader, fixture.principal.viewer, asked, nobody.signal);
    await expect(found).rejects.toThrow("nobody waits");
  });

  test("hashes each content once, and only what has come since", async () => {
    await store(await picture(1), "a.png");
    await store(await picture(1), "copy.png");
    await store(Buffer.from("words"), "words.txt");
    expect(await hash()).toBe(2);
    expect(await hash()).toBe(0);
    await store(await picture(2), "b.png");
    expect(await hash()).toBe(1);
  });

  test("finds a blob that committed late only when it looks back far enough", async () => {
    await store(await picture(1), "a.png");
    await hash();
    fixture.time -= 3_600_000;
    const late = await store(await picture(2), "late.png");
    expect(await hash()).toBe(0);
    expect(await hash(2 * 3_600_000)).toBe(1);
    expect(await similarTo(late.blob_id)).toEqual([late.blob_id]);
  });

  test("goes on behind a picture that can't be decoded, and behind one whose object is gone", async () => {
    const bytes = await picture(1);
    const broken = await store(Buffer.concat([bytes.subarray(0, bytes.length / 2)]), "broken.png");
    const lost = await store(await picture(2), "lost.png");
    const fine = await store(await picture(3), "fine.png");
    const { reader } = fixture.parts.database;
    const { storage_key } = await reader
      .selectFrom("blobs")
      .select("storage_key")
      .where("id", "=", lost.blob_id)
      .executeTakeFirstOrThrow();
    await fixture.parts.blobs.delete(storage_key);
    expect(await hash()).toBe(2);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(await findPictureHash(reader, broken.blob_id)).toBeUndefined();
    expect(await similarTo(fine.blob_id)).toEqual([fine.blob_id]);
  });

  test("keeps what it has done when it is ended early, and goes on behind that", async () => {
    for (const seed of [1, 2, 3]) await store(await picture(seed), `${seed}.png`);
    const ending = new AbortController();
    const rest = async () => ending.abort(new Error("the process ends"));
    const deps = { ...fixture.parts, images, fingerprints, logger: { warn } };
    await expect(hashPictures(deps, { overlapMs: 60_000, rest }, ending.signal)).rejects.toThrow("the process ends");
    expect(await hashedShare(fixture.parts.database.reader, fixture.principal.viewer)).toBeCloseTo(1 / 3);
    expect(await hash()).toBe(2);
    expect(warn).not.toHaveBeenCalled();
  });

  test("rests behind a picture that took its time in vain", async () => {
    await store(await picture(1), "hostile.png");
    const rests: number[] = [];
    const rest = async (tookMs: number) => void rests.push(tookMs);
    const late = async () => {
      await sleep(50);
      throw new MediaError("ETIME", "The image took too long to render", { exhausted: true });
    };
    const deps = { ...fixture.parts, images: { ...images, render: late }, fingerprints, logger: { warn } };
    expect(await hashPictures(deps, { overlapMs: 60_000, rest }, never)).toBe(1);
    expect(rests).toEqual([expect.toSatisfy((ms) => ms > 40)]);
  });

  test.each(["ETIME", "EBUSY"] as const)("looks again later where a busy machine was to blame (%s)", async (code) => {
    const { blob_id } = await store(await picture(1), "a.png");
    const late = () => Promise.reject(new MediaError(code, "The image was not made"));
    const deps = { ...fixture.parts, images: { ...images, render: late }, fingerprints, logger: { warn } };
    const pace = { overlapMs: 60_000, rest: async () => undefined };
    await expect(hashPictures(deps, pace, never)).rejects.toMatchObject({ code });
    expect(await hash()).toBe(1);
    expect(await similarTo(blob_id)).toEqual([blob_id]);
  });

  test("looks at one picture at a time, however many jobs look", async () => {
    for (const seed of [1, 2, 3]) await store(await picture(seed), `${seed}.png`);
    let [now, most] = [0, 0];
    const render: ImageEngine["render"] = async (request) => {
      most = Math.max(most, ++now);
      try {
        return await images.render(request);
      } finally {
        now -= 1;
      }
    };
    const deps = { ...fixture.parts, images: { ...images, render }, fingerprints, logger: { warn } };
    const pace = { overlapMs: 60_000, rest: async () => undefined };
    expect(await Promise.all([hashPictures(deps, pace, never), hashPictures(deps, pace, never)])).toEqual([3, 3]);
    expect(most).toBe(1);
  });

  test("keeps accounts apart", async () => {
    const own = await store(await picture(1), "a.png");
    const others = await store(await picture(1), "a.png", fixture.stranger);
    await hash();
    expect(await similarTo(own.blob_id)).toEqual([own.blob_id]);
    expect(await similarTo(others.blob_id, fixture.stranger)).toEqual([others.blob_id]);
  });

  test("says what share of the contents has been looked at", async () => {
    const { reader } = fixture.parts.database;
    const { viewer } = fixture.principal;
    expect(await hashedShare(reader, viewer)).toBe(1);
    await store(await picture(1), "a.png");
    expect(await hashedShare(reader, viewer)).toBe(0);
    await hash();
    await store(await picture(2), "b.png");
    expect(await hashedShare(reader, viewer)).toBe(0.5);
    await hash();
    expect(await hashedShare(reader, viewer)).toBe(1);
  });

  test("finds the dominant colour, also of pictures that were hashed before colours were recorded", async () => {
    const red = await sharp({ create: { width: 40, height: 30, channels: 3, background: "#c81e0a" } })
      .png()
      .toBuffer();
    const nothing = await sharp({ create: { width: 40, height: 30, channels: 4, background: "#00000000" } })
      .png()
      .toBuffer();
    const blobs = [await store(red, "red.png"), await store(nothing, "nothing.png")].map(({ blob_id: id }) => id);
    const { database } = fixture.parts;
    const { viewer } = fixture.principal;
    const colors = () => findDominantColors(database.reader, viewer, blobs);
    await hash();
    expect([...(await colors())]).toEqual([[blobs[0], "#c81e0a"]]);
    expect(await findDominantColors(database.reader, fixture.stranger.viewer, blobs)).toEqual(new Map());
    const other = openOtherConnection(fixture.config);
    await other.updateTable("picture_hashes").set({ dominant_color: null }).execute();
    expect(await colors()).toEqual(new Map());
    const color = () =>
      colorPictures(
        { ...fixture.parts, images, fingerprints, logger: { warn } },
        { rest: async () => undefined },
        never,
      );
    const away = { read: async () => Promise.reject(new Error("away")) };
    const pace = { rest: async () => undefined };
    const coloring = { ...fixture.parts, images, fingerprints, logger: { warn } };
    expect(await colorPictures({ ...coloring, blobs: away }, pace, never)).toBe(0);
    const [first] = blobs.toSorted();
    const lacking: typeof coloring.blobs.read = async (...asked) => {
      if (lost.add(asked[0]).size === 1) throw new Error("lost");
      return coloring.blobs.read(...asked);
    };
    const lost = new Set<string>();
    expect([first, await colorPictures({ ...coloring, blobs: { read: lacking } }, pace, never)]).toEqual([first, 2]);
    expect(await color()).toBe(0);
    await other.updateTable("picture_hashes").set({ dominant_color: null }).execute();
    await other.destroy();
    expect(await color()).toBe(2);
    expect([...(await colors())]).toEqual([[blobs[0], "#c81e0a"]]);
  });

  test("forgets the hash of a content that is swept", async () => {
    const file = await store(await picture(1), "a.png");
    await hash();
    const { database } = fixture.parts;
    await database.run(removeFileTransaction, { accountId: fixture.principal.accountId, fileId: file.file_id });
    await database.run(releaseBlobs, { now: fixture.time });
    expect(await database.reader.selectFrom("picture_hashes").select("blob_id").execute()).toEqual([]);
  });
});
