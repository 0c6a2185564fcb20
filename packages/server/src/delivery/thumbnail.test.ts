import sharp from "sharp";
import { expect, test } from "vitest";
import { MediaError } from "../media/media-error.ts";
import { signPath } from "./signed-url.ts";
import { describeDelivery } from "./testing/delivery-suite.ts";

const webp = { accept: "image/avif,image/webp,*/*" };
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>');

function photo(background: string): Promise<Buffer> {
  return sharp({ create: { width: 800, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

describeDelivery((suite) => {
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
    services.images = { thumbnail: () => Promise.reject(new Error("rendered")) };
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
    expect([status, body.toString()]).toEqual([400, "Bad Image Transformation Request"]);
    expect(headers["ik-error"]).toBe("EINVALID - The image can't be decoded");
  });

  test.each([
    ["ELIMIT", 400, "ELIMIT - The image exceeds the limits of transformations", undefined, /s-maxage=60/],
    ["EBUSY", 503, "UNIDENTIFIED - Too many images are being made", "5", /^no-store$/],
  ] as const)("when the engine says %s: %i", async (code, expected, error, retryAfter, caching) => {
    const { store, get, services } = suite();
    await store({ path: "/pictures/d.jpg", bytes: await photo("white"), mime: "image/jpeg" });
    const { images } = services;
    services.images = { thumbnail: () => Promise.reject(new MediaError(code, "for the test")) };
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
    const { storageKey } = await store({ path: "/pictures/lost.jpg", bytes: await photo("pink"), mime: "image/jpeg" });
    await library.blobs.delete(storageKey);
    expect((await get("/demo/tr:n-ik_ml_thumbnail/pictures/lost.jpg")).status).toBe(500);
    expect((await get("/demo/pictures/lost.jpg")).status).toBe(500);
  });
});
