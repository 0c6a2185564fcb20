import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { viewerOf } from "../access/viewer.ts";
import { defaultLimits } from "../config/limits.ts";
import { insertOrigin } from "../database/repositories/origins.ts";
import { insertUrlEndpoint } from "../database/repositories/url-endpoints.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";
import { type UrlMetadataDeps, urlMetadata } from "./url-metadata.ts";

const publicUrl = "https://media.example.com";
const signal = new AbortController().signal;

const picture = () =>
  sharp({ create: { width: 80, height: 40, channels: 3, background: "red" } })
    .jpeg()
    .toBuffer();

describeDelivery((suite) => {
  /** Asks for the metadata, and collects the ranges of stored files that are read. A whole file counts as undefined. */
  async function ask(path: string) {
    const { services, accountId } = suite();
    const ranges: unknown[] = [];
    const read: typeof services.blobs.read = (key, range, opened) => {
      ranges.push(range);
      return services.blobs.read(key, range, opened);
    };
    const { size } = services.blobs;
    const metadataServices = {
      ...services,
      blobs: { read, size: size.bind(services.blobs) },
      config: { limits: defaultLimits },
      publicUrl: () => publicUrl,
    } as unknown as UrlMetadataDeps;
    const viewer = viewerOf("key", accountId, "full");
    const principal = { accountId, imagekitId: "demo", viewer } as Parameters<typeof urlMetadata>[1];
    return { found: await urlMetadata(metadataServices, principal, `${publicUrl}/demo${path}`, signal), ranges };
  }

  describe("the metadata behind a URL that delivers the stored bytes", () => {
    test("is read without reading a large file into memory", async () => {
      const { store } = suite();
      await store({ path: "/by-url/film.mp4", bytes: Buffer.alloc(1000), mime: "video/mp4" });
      await store({ path: "/by-url/data.bin", bytes: Buffer.alloc(1000), mime: "application/octet-stream" });
      for (const path of ["/by-url/film.mp4?tr=orig-true", "/by-url/data.bin?tr=w-5"]) {
        expect(await ask(path)).toEqual({ found: undefined, ranges: [] });
      }
    });

    test("is what a film has said at its upload, which is not read again", async () => {
      const { store } = suite();
      const bytes = Buffer.alloc(1000, 1);
      await store({ path: "/by-url/read.mp4", bytes, mime: "video/mp4", duration: 7.5 });
      for (const path of ["/by-url/read.mp4", "/by-url/read.mp4?tr=orig-true"]) {
        expect(await ask(path)).toEqual({ found: { size: 1000, format: "mp4", duration: 7.5 }, ranges: [] });
      }
    });

    test("is none of a video that a job still makes, whoever may have the original", async () => {
      const { services, store } = suite();
      const { later, videos } = services;
      services.later = { ask: async () => true, forget: () => undefined, wait: async () => undefined };
      services.videos = {
        ...videos,
        program: async () => ({ name: "FFmpeg 7", ffmpeg: ["ffmpeg"], ffprobe: ["ffprobe"] }),
      };
      try {
        for (const isPrivate of [false, true]) {
          const path = `/by-url/made-${isPrivate}.mp4`;
          await store({ path, bytes: Buffer.alloc(1000, 2), mime: "video/mp4", duration: 7.5, isPrivate });
          await expect(ask(`${path}?tr=w-96`)).rejects.toMatchObject({ reason: "FILE_INACCESSIBLE" });
        }
      } finally {
        Object.assign(services, { later, videos });
      }
    });

    test("is that of the file, or of the default image in its place", async () => {
      const { store } = suite();
      const bytes = await picture();
      await store({ path: "/by-url/a.jpg", bytes, mime: "image/jpeg" });
      for (const path of ["/by-url/a.jpg?tr=orig-true", "/by-url/nothing.jpg?tr=orig-true,di-by-url@@a.jpg"]) {
        expect((await ask(path)).found).toMatchObject({ width: 80, height: 40, size: bytes.length });
      }
    });

    test("is none of an origin's, and no library file's with the path of another host's URL", async () => {
      const { library, accountId, services, store } = suite();
      await store({ path: "/by-url/b.jpg", bytes: await picture(), mime: "image/jpeg" });
      await insertOrigin(library.writer, {
        ...{ id: "proxy", account_id: accountId, name: "o", type: "WEB_PROXY", secrets: null },
        ...{ settings: "{}", created_at: 0, updated_at: 0 },
      });
      await insertUrlEndpoint(library.writer, {
        ...{ account_id: accountId, id: "proxy", description: "d", url_prefix: "proxy", created_at: 0 },
        origin_ids: JSON.stringify(["proxy"]),
      });
      const read = vi.spyOn(services.originals, "read");
      for (const query of ["", "?tr=w-5", "?tr=orig-true,di-by-url@@b.jpg", "?ik-obj-version=a"]) {
        const asking = ask(`/proxy/https://other.test/by-url/b.jpg${query}`);
        await expect(asking, query).rejects.toMatchObject({ reason: "FILE_INACCESSIBLE" });
      }
      expect((await ask("/proxy/by-url/b.jpg?tr=w-5")).found).toMatchObject({ width: 5 });
      expect(read).not.toHaveBeenCalled();
    });

    test("is that of a file with the name of a virtual suffix", async () => {
      const { store } = suite();
      const bytes = await picture();
      await store({ path: "/by-url/ik-thumbnail.jpg", bytes, mime: "image/jpeg" });
      expect((await ask("/by-url/ik-thumbnail.jpg")).found).toMatchObject({ size: bytes.length });
    });
  });
});
