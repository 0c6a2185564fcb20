import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { signPath } from "../../../library/files/asset-url.ts";
import { MediaError } from "../../../media/media-error.ts";
import { openImages } from "../../../media/testing/open-images.ts";
import { animation, expectColour, green, quadrants, readPixels, red, yellow } from "../../../media/testing/pictures.ts";
import { describeDelivery } from "../../testing/delivery-suite.ts";

const webp = { accept: "image/avif,image/webp,*/*" };
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>');

function photo(background: string): Promise<Buffer> {
  return sharp({ create: { width: 800, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

describeDelivery((suite) => {
  describe("a thumbnail", () => {
    test("fits its box, in the format that the client takes", async () => {
      const { store, get } = suite();
      await store({ path: "/pictures/a.jpg", bytes: await photo("red"), mime: "image/jpeg" });
      for (const [target, width] of [
        ["/demo/tr:n-ik_ml_thumbnail/pictures/a.jpg", 400],
        ["/demo/pictures/a.jpg?updatedAt=1&tr=n-ik_ml_thumbnail", 400],
        ["/demo/tr:n-media_library_thumbnail/pictures/a.jpg", 100],
      ] as const) {
        for (const [headers, format] of [
          [{}, "jpeg"],
          [webp, "webp"],
        ] as [Record<string, string>, string][]) {
          const reply = await get(target, headers);
          expect(reply.status).toBe(200);
          expect(reply.headers).toMatchObject({ "content-type": `image/${format}`, vary: "Accept" });
          expect(reply.headers).not.toHaveProperty("content-security-policy");
          expect(await sharp(reply.body).metadata()).toMatchObject({ format, width, height: width / 2 });
        }
      }
    });

    test("is known again without being rendered", async () => {
      const { store, get, services } = suite();
      const path = "/pictures/b.jpg";
      await store({ path, bytes: await photo("green"), mime: "image/jpeg", at: 1000 });
      const target = `/demo/tr:n-ik_ml_thumbnail${path}`;
      const etag = (await get(target)).headers.etag ?? "";
      const etagWebp = (await get(target, webp)).headers.etag ?? "";
      const small = (await get(`/demo/tr:n-media_library_thumbnail${path}`)).headers.etag;
      expect(new Set([etag, etagWebp, small]).size).toBe(3);
      const { images } = services;
      services.images = { ...images, render: () => Promise.reject(new Error("rendered")) };
      try {
        for (const headers of [
          { "if-none-match": etag },
          { "if-none-match": etagWebp, ...webp },
          { "if-modified-since": "Thu, 01 Jan 1970 00:00:01 GMT" },
        ] as Record<string, string>[]) {
          const unchanged = await get(target, headers);
          expect(unchanged.status).toBe(304);
          expect(unchanged.headers).toMatchObject({ vary: "Accept", "last-modified": "Thu, 01 Jan 1970 00:00:01 GMT" });
        }
      } finally {
        services.images = images;
      }
      expect((await get(target, { "if-none-match": etagWebp })).status).toBe(200);
      await store({ path, bytes: await photo("blue"), mime: "image/jpeg", at: 9000 });
      expect((await get(target, { "if-none-match": etag })).status).toBe(200);
    });

    test("is saved under the name of its format", async () => {
      const { store, get } = suite();
      await store({ path: "/pictures/c.jpeg", bytes: await photo("yellow"), mime: "image/jpeg" });
      const target = "/demo/tr:n-ik_ml_thumbnail/pictures/c.jpeg?ik-attachment=true";
      expect((await get(target, webp)).headers["content-disposition"]).toBe("attachment; filename=c.webp");
      expect((await get(target)).headers["content-disposition"]).toBe("attachment; filename=c.jpg");
    });

    test("of a drawing is the drawing, and of a private one nothing without a signature", async () => {
      const { store, get } = suite();
      await store({ path: "/drawings/a.svg", bytes: svg, mime: "image/svg+xml" });
      await store({ path: "/drawings/b.svg", bytes: svg, mime: "image/svg+xml", isPrivate: true });
      const open = await get("/demo/tr:n-ik_ml_thumbnail/drawings/a.svg", webp);
      expect([open.status, open.headers["content-type"], open.body]).toEqual([200, "image/svg+xml", svg]);
      expect(open.headers["content-security-policy"]).toBe("sandbox; default-src 'none'");
      expect((await get("/demo/tr:n-ik_ml_thumbnail/drawings/b.svg")).status).toBe(401);
      const signed = await get(`/demo/${signPath("private_test", "tr:n-ik_ml_thumbnail/drawings/b.svg")}`);
      expect([signed.status, signed.body]).toEqual([200, svg]);
    });

    test("of anything but an image is not there", async () => {
      const { store, get } = suite();
      await store({ path: "/pictures/a.txt", bytes: Buffer.from("text") });
      expect((await get("/demo/tr:n-ik_ml_thumbnail/pictures/a.txt")).status).toBe(404);
    });

    test("of an image that can't be decoded is refused", async () => {
      const { store, get } = suite();
      const bytes = (await photo("black")).subarray(0, 200);
      await store({ path: "/pictures/cut.jpg", bytes, mime: "image/jpeg" });
      const { status, headers, body } = await get("/demo/tr:n-ik_ml_thumbnail/pictures/cut.jpg");
      expect([status, body.toString()]).toEqual([
        400,
        "Bad Image Transformation Request\nThe image can't be decoded\n",
      ]);
      expect(headers["ik-error"]).toBe("EINVALID - The image can't be decoded");
    });

    test("of an image that is known to have too many frames is refused without a look at it", async () => {
      const { store, get, services } = suite();
      const gif = await animation([red, green], 40, 40).gif().toBuffer();
      await store({ path: "/pictures/many.gif", bytes: gif, mime: "image/gif", pages: 5001 });
      const { blobs } = services;
      services.blobs = Object.assign(Object.create(blobs), { read: () => Promise.reject(new Error("read")) });
      try {
        const { status, headers } = await get("/demo/tr:n-ik_ml_thumbnail/pictures/many.gif");
        expect(status).toBe(400);
        expect(headers["ik-error"]).toBe("ELIMIT - The image has more than 5000 frames or pages");
      } finally {
        services.blobs = blobs;
      }
    });

    test.each([
      ["ELIMIT", 400, "ELIMIT - for the test", undefined, /s-maxage=60/],
      ["ETIME", 400, "ELIMIT - The image took too long to render", undefined, /no-store/],
      ["EBUSY", 503, "UNIDENTIFIED - Too many images are being made", "5", /^no-store$/],
    ] as const)("when the engine says %s: %i", async (code, expected, error, retryAfter, caching) => {
      const { store, get, services } = suite();
      await store({ path: "/pictures/d.jpg", bytes: await photo("white"), mime: "image/jpeg" });
      const { images } = services;
      services.images = { ...images, render: () => Promise.reject(new MediaError(code, "for the test")) };
      try {
        const { status, headers } = await get("/demo/tr:n-ik_ml_thumbnail/pictures/d.jpg");
        expect(status).toBe(expected);
        expect(headers["ik-error"]).toBe(error);
        expect(headers["retry-after"]).toBe(retryAfter);
        expect(headers["cache-control"]).toMatch(caching);
      } finally {
        services.images = images;
      }
    });

    test("of a file that the store has lost is an error of ours", async () => {
      const { store, get, library } = suite();
      const { storageKey } = await store({
        path: "/pictures/lost.jpg",
        bytes: await photo("pink"),
        mime: "image/jpeg",
      });
      await library.blobs.delete(storageKey);
      expect((await get("/demo/tr:n-ik_ml_thumbnail/pictures/lost.jpg")).status).toBe(500);
      expect((await get("/demo/pictures/lost.jpg")).status).toBe(500);
    });
  });

  describe("a transformation", () => {
    const picture = () => quadrants(600, 400).png().toBuffer();

    test.each<[string, readonly [number, number]]>([
      ["w-300,h-200", [300, 200]],
      ["w-300", [300, 200]],
      ["h-100", [150, 100]],
      ["w-300%2Ch-300", [300, 300]],
      ["ar-4-3,w-400", [400, 300]],
      ["w-900,h-900,c-at_max", [600, 400]],
      ["w-300,h-300,c-at_least", [450, 300]],
      ["w-900,h-900,cm-pad_resize,bg-F3F3F3", [900, 900]],
      ["w-200,h-200,cm-extract,x-10,y-10", [200, 200]],
      ["w-0.5,dpr-2,f-webp,q-50", [600, 400]],
      ["w-300:rt-90", [200, 300]],
      ["b-10_FF0000", [620, 420]],
      ["r-max,e-grayscale,bl-3,o-50", [600, 400]],
      ["n-ik_ml_thumbnail,w-100,h-100", [100, 67]],
    ])("%s is made, wherever it stands", async (text, size) => {
      const { store, get } = suite();
      await store({ path: "/made/a.png", bytes: await picture(), mime: "image/png" });
      const targets = [`/demo/tr:${text}/made/a.png`, `/demo/made/a.png?tr=${text}`, `/demo/made/tr:${text}/a.png?v=1`];
      const tags = new Set<string | undefined>();
      for (const target of targets) {
        const { status, headers, body } = await get(target);
        expect(status, target).toBe(200);
        const { width, height } = await sharp(body).metadata();
        expect([width, height], target).toEqual(size);
        tags.add(headers.etag);
      }
      expect(tags.size).toBe(1);
    });

    test("in the path comes before the one in the query", async () => {
      const { store, get } = suite();
      await store({ path: "/made/b.png", bytes: await picture(), mime: "image/png" });
      const { body } = await get("/demo/tr:w-100,h-50,c-force/made/b.png?tr=rt-90,f-png");
      const { width, height } = await sharp(body).metadata();
      expect([width, height]).toEqual([50, 100]);
      expectColour((await readPixels(body)).at(45, 5), red, 12);
    });

    test("has the format that it says, and depends on what the client takes only where it says none", async () => {
      const { store, get } = suite();
      await store({ path: "/made/c.png", bytes: await picture(), mime: "image/png" });
      for (const [text, accept, type, vary] of [
        ["w-50", "image/webp", "image/webp", "Accept"],
        ["w-50", "*/*", "image/jpeg", "Accept"],
        ["w-50,f-auto", "image/webp", "image/webp", "Accept"],
        ["w-50,f-png", "image/webp", "image/png", undefined],
        ["w-50,f-jpg", "image/webp", "image/jpeg", undefined],
        ["w-50,f-avif", "*/*", "image/avif", undefined],
        ["w-50,f-orig", "image/webp", "image/png", undefined],
        ["w-50,f-gif", "image/webp", "image/webp", "Accept"],
      ] as const) {
        const { status, headers } = await get(`/demo/made/c.png?tr=${text}`, { accept });
        expect([status, headers["content-type"], headers.vary], text).toEqual([200, type, vary]);
      }
    });

    test("follows the client's hints where it asks for them, and says so", async () => {
      const { store, get } = suite();
      await store({ path: "/made/d.png", bytes: await picture(), mime: "image/png" });
      const widthOf = async (text: string, headers: Record<string, string>) => {
        const { body, headers: got } = await get(`/demo/made/d.png?tr=${text}`, headers);
        return [(await sharp(body).metadata()).width, got.vary, got["content-dpr"]];
      };
      const both = "Accept, Sec-CH-DPR, Sec-CH-Width";
      expect(await widthOf("w-auto", { "sec-ch-width": "212", "sec-ch-dpr": "2" })).toEqual([300, both, "2.83"]);
      expect(await widthOf("w-auto", {})).toEqual([600, both, undefined]);
      expect(await widthOf("w-100,dpr-auto", { "sec-ch-dpr": "2" })).toEqual([200, "Accept, Sec-CH-DPR", undefined]);
      expect(await widthOf("w-auto,dpr-auto", { "sec-ch-width": "150", "sec-ch-dpr": "2" })).toEqual([
        200,
        both,
        "2.67",
      ]);
      expect(await widthOf("w-100", { "sec-ch-width": "212", "sec-ch-dpr": "2" })).toEqual([100, "Accept", undefined]);
    });

    test("that one client's hints lead beyond the limits is refused to that client alone", async () => {
      const { store, get } = suite();
      await store({ path: "/made/d2.png", bytes: await picture(), mime: "image/png" });
      const { status, headers } = await get("/demo/made/d2.png?tr=w-auto", { "sec-ch-width": "60000" });
      expect([status, headers["ik-error"]?.slice(0, 6)]).toEqual([400, "ELIMIT"]);
      expect(headers).toMatchObject({
        "cache-control": expect.stringContaining("public"),
        vary: "Accept, Sec-CH-DPR, Sec-CH-Width",
      });
    });

    test("shows the area that was stored with the file", async () => {
      const { store, get, library } = suite();
      const { versionId } = await store({ path: "/made/e.png", bytes: await picture(), mime: "image/png" });
      const target = "/demo/made/e.png?tr=w-20,h-20,fo-custom,f-png";
      const without = await get(target);
      await library.writer
        .updateTable("versions")
        .set({ custom_coordinates: "400,250,100,100" })
        .where("id", "=", versionId)
        .execute();
      const { body, headers } = await get(target);
      expect(headers.etag).not.toBe(without.headers.etag);
      for (const [x, y] of [
        [0, 0],
        [19, 19],
      ] as const)
        expectColour((await readPixels(body)).at(x, y), yellow, 12);
    });

    test("is known again by each of the spellings that mean the same, without being rendered", async () => {
      const { store, get, services } = suite();
      await store({ path: "/made/f.png", bytes: await picture(), mime: "image/png" });
      const { etag = "" } = (await get("/demo/made/f.png?tr=w-50,h-50")).headers;
      const { images } = services;
      services.images = { ...images, render: () => Promise.reject(new Error("rendered")) };
      try {
        for (const text of ["w-50,h-50", "h-50,w-50", "w-50,h-50,c-maintain_ratio", "w-10,w-50%2Ch-50"]) {
          const { status } = await get(`/demo/made/f.png?tr=${text}`, { "if-none-match": etag });
          expect(status, text).toBe(text.startsWith("w-10") ? 400 : 304);
        }
        expect((await get("/demo/made/f.png?tr=w-50,h-51", { "if-none-match": etag })).status).toBe(500);
      } finally {
        services.images = images;
      }
    });

    test("has one outcome in all of its spellings, since those who ask at the same time share it", async () => {
      const { store, get } = suite();
      await store({ path: "/made/f2.png", bytes: await picture(), mime: "image/png" });
      const plainly = await get("/demo/made/f2.png?tr=w-50");
      for (const text of [`${"fo-center:".repeat(50)}w-50`, `w-50${":rt-360,c-maintain_ratio,z-2".repeat(50)}`]) {
        const { status, headers, body } = await get(`/demo/made/f2.png?tr=${text}`);
        const same = headers.etag === plainly.headers.etag;
        expect([status, body.equals(plainly.body)], text).toEqual(same ? [200, true] : [400, false]);
      }
    });

    test("that an image can't be given is refused with the reason", async () => {
      const { store, get } = suite();
      await store({ path: "/made/g.png", bytes: await picture(), mime: "image/png" });
      for (const [text, error] of [
        ["w-200,h-200,cm-extract,xc-50,yc-50", "EINVALID - The region to extract is outside of the image"],
        [
          "e-distort-p-0_0_9_0_1_1_0_9",
          "EINVALID - Invalid value of transformation parameter e-distort-p-0_0_9_0_1_1_0_9",
        ],
        ["w-iw_div_0", "EINVALID - Arithmetic expression gives no usable number: w-iw_div_0"],
        [
          "l-text,i-Hello,fs-60000,l-end",
          "ELIMIT - A text of up to 420000 x 96000 pixels is more than this server draws",
        ],
        ["e-bgremove", "EINVALID - AI transformation not available"],
        ["pg-2", "EINVALID - The file has no page 2"],
        ["w-60000", "ELIMIT - 60000 x 40000 pixels are more than this server works with"],
        [Array(33).fill("rt-90").join(":"), "ELIMIT - The transformation has more than 32 steps"],
      ] as const) {
        const { status, headers, body } = await get(`/demo/made/g.png?tr=${text}`);
        expect([status, headers["ik-error"]], text).toEqual([400, error]);
        // The body gives the reason as well, because a person who opens the URL in a browser sees no headers.
        const [, told] = /^Bad (?:URL|Image) Transformation Request\n(.+)\n$/.exec(body.toString()) ?? [];
        expect(error, text).toBe(`${error.slice(0, error.indexOf(" "))} - ${told}`);
      }
    });

    test("of a drawing leaves it as it is, unless it asks for pixels", async () => {
      const { store, get } = suite();
      await store({ path: "/made/h.svg", bytes: svg, mime: "image/svg+xml" });
      for (const text of ["w-100", "f-auto", "f-svg,bl-5"]) {
        const { headers, body } = await get(`/demo/made/h.svg?tr=${text}`);
        expect([headers["content-type"], body]).toEqual(["image/svg+xml", svg]);
      }
      for (const format of ["png", "webp"]) {
        const { status, headers, body } = await get(`/demo/made/h.svg?tr=f-${format},w-90`);
        expect([status, headers["content-type"], headers.vary]).toEqual([200, `image/${format}`, undefined]);
        expect(await sharp(body).metadata()).toMatchObject({ width: 90, height: 90 });
      }
    });

    test("of a file that isn't an image has no effect", async () => {
      const { store, get } = suite();
      await store({ path: "/made/i.txt", bytes: Buffer.from("text") });
      expect((await get("/demo/made/i.txt?tr=w-100")).body.toString()).toBe("text");
    });

    test("of an animation plays", async () => {
      const { store, get } = suite();
      const bytes = await animation([red, green], 60, 40)
        .gif({ delay: [100, 200] })
        .toBuffer();
      await store({ path: "/made/k.gif", bytes, mime: "image/gif" });
      for (const [accept, type] of [
        ["*/*", "image/gif"],
        ["image/webp", "image/webp"],
      ] as const) {
        const { headers, body } = await get("/demo/made/k.gif?tr=w-30", { accept });
        expect(headers["content-type"]).toBe(type);
        expect(await sharp(body).metadata()).toMatchObject({ pages: 2, width: 30, delay: [100, 200] });
      }
      expect((await get("/demo/tr:n-ik_ml_thumbnail/made/k.gif")).headers["content-type"]).toBe("image/jpeg");
    });

    test("is no longer sent to who takes too long over it when others need the memory", async () => {
      const { store, server, services } = suite();
      const noise = randomBytes(2000 * 2000 * 3);
      const raw = { width: 2000, height: 2000, channels: 3 } as const;
      const bytes = await sharp(noise, { raw }).png({ compressionLevel: 0 }).toBuffer();
      await store({ path: "/made/m.png", bytes, mime: "image/png" });
      const { images } = services;
      const bounded = openImages({ limits: { imagesUnsentBytes: 14_000_000 } });
      services.images = bounded;
      const slow = connect(server.port, "127.0.0.1").on("error", () => undefined);
      const closed = new Promise((resolve) => slow.once("close", resolve));
      try {
        slow.write("GET /demo/made/m.png?tr=f-png,lo-true HTTP/1.1\r\nhost: a\r\n\r\n");
        await once(slow, "readable");
        for (const width of [10, 11]) {
          const { status, body } = await server.ask(`/demo/made/m.png?tr=w-${width},f-png`);
          expect([status, (await sharp(body).metadata()).width]).toEqual([200, width]);
        }
        const { status, body } = await server.ask("/demo/made/m.png?tr=f-png,lo-true,rt-90");
        expect([status, (await sharp(body).metadata()).width]).toEqual([200, 2000]);
        slow.resume();
        await closed;
        expect(slow.bytesRead).toBeLessThan(bytes.length - 100_000);
      } finally {
        slow.destroy();
        services.images = images;
        await bounded.close();
      }
    });

    test("asked for by many at once is made once", async () => {
      const { store, server } = suite();
      await store({ path: "/made/l.png", bytes: await picture(), mime: "image/png" });
      const replies = await Promise.all(Array.from({ length: 120 }, () => server.ask("/demo/made/l.png?tr=w-77")));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    });
  });
});
