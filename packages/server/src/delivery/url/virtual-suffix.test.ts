import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { pdfOf, psdOf } from "../../../../pages/src/testing/documents.ts";
import type { Engine } from "../../database/connection.ts";
import { signPath } from "../../library/files/asset-url.ts";
import { animation, blue, green, red } from "../../media/testing/pictures.ts";
import { describeDelivery } from "../testing/delivery-suite.ts";
import { splitSuffixes } from "./virtual-suffix.ts";

const video = { bytes: Buffer.from("video"), mime: "video/mp4" };
const unavailable = "EINVALID - Video transformation not available";

const moving = animation([red, green, blue], 16, 8).gif().toBuffer();

// docs/protocol/delivery.md §1.4
test.each([
  ["a.mov", 0],
  ["a.gif/ik-thumbnail.jpg", 1],
  ["dir/a.mov/ik-video.mp4", 1],
  ["a.mov/ik-video.mp4/ik-thumbnail.jpg", 2],
  ["a.mov/ik-video.mp4/ik-master.m3u8", 2],
  ["a.gif/ik-gif-video.mp4/ik-master.mpd", 2],
  ["ik-thumbnail.jpg", 0],
  ["ik-video.mp4/ik-thumbnail.jpg", 1],
  ["a.gif/ik-thumbnail.jpg/ik-thumbnail.jpg", 1],
  ["a.gif/ik-thumbnail.jpg/ik-video.mp4", 1],
  ["a.mov/ik-video.mp4/ik-video.mp4", 1],
  ["a.mov/ik-video.mp4/ik-video.mp4/ik-thumbnail.jpg", 2],
  [`a.gif${"/ik-video.mp4/ik-thumbnail.jpg".repeat(900)}`, 2],
  ["a.gif/ik-thumbnail.jpg/b", 0],
])("%.60s ends in %i suffixes", (path, count) => {
  const whole = path.split("/");
  const { segments, suffixes } = splitSuffixes(whole);
  expect([...segments, ...suffixes]).toEqual(whole);
  expect(suffixes).toHaveLength(count);
});

describeDelivery((suite) => {
  async function answerOf(target: string) {
    const { status, headers } = await suite().get(target);
    return [status, headers["ik-error"]];
  }

  test("ik-thumbnail.jpg is the first frame or page of an image, or the one that is named", async () => {
    const { store, get } = suite();
    const gif = await moving;
    await store({ path: "/still/a.gif", bytes: gif, mime: "image/gif" });
    await store({ path: "/still/deep/b.jpg", bytes: await sharp(gif).jpeg().toBuffer(), mime: "image/jpeg" });
    const { width = 0 } = await sharp(gif).metadata();
    for (const [target, wide] of [
      ["/demo/still/a.gif/ik-thumbnail.jpg", width],
      ["/demo/still/a.gif/ik-thumbnail.jpg?tr=w-8", 8],
      ["/demo/tr:w-8,pg-2/still/a.gif/ik-thumbnail.jpg", 8],
      ["/demo/still/deep/b.jpg/ik-thumbnail.jpg?tr=n-ik_ml_thumbnail", width],
      ["/demo/ik-seo/still/a/moving.gif/ik-thumbnail.jpg", width],
    ] as const) {
      const { status, headers, body } = await get(target);
      expect([target, status, headers["content-type"]]).toEqual([target, 200, "image/jpeg"]);
      expect(await sharp(body).metadata(), target).toMatchObject({ width: wide });
    }
    expect(await sharp((await get("/demo/still/a.gif?tr=w-8")).body).metadata()).toMatchObject({ pages: 3 });
    expect((await answerOf("/demo/still/a.gif/ik-thumbnail.jpg?tr=pg-9"))[0]).toBe(400);
    expect((await answerOf("/demo/still/none.gif/ik-thumbnail.jpg"))[0]).toBe(404);
    expect((await answerOf("/demo/ik-thumbnail.jpg"))[0]).toBe(404);
  });

  test("ik-thumbnail.jpg and built-in thumbnails of a PDF are its pages, and everything else is the PDF", async () => {
    const { store, get } = suite();
    const bytes = pdfOf([{ content: "" }, { content: "", box: [0, 0, 100, 50] }]);
    await store({ path: "/papers/a.pdf", bytes, mime: "application/pdf" });
    for (const [target, size] of [
      ["/demo/papers/a.pdf/ik-thumbnail.jpg", [600, 400]],
      ["/demo/papers/a.pdf/ik-thumbnail.jpg?tr=w-30", [30, 20]],
      ["/demo/tr:pg-2,w-80/papers/a.pdf/ik-thumbnail.jpg", [80, 40]],
      ["/demo/tr:n-ik_ml_thumbnail/papers/a.pdf", [400, 267]],
      ["/demo/papers/a.pdf?tr=n-media_library_thumbnail", [100, 67]],
    ] as const) {
      const { status, headers, body } = await get(target);
      expect([target, status, headers["content-type"]]).toEqual([target, 200, "image/jpeg"]);
      const { width, height } = await sharp(body).metadata();
      expect([target, width, height]).toEqual([target, ...size]);
    }
    for (const target of ["/demo/papers/a.pdf", "/demo/papers/a.pdf?tr=w-30", "/demo/papers/a.pdf?tr=pg-2"]) {
      const { status, headers, body } = await get(target);
      expect([target, status, headers["content-type"], body]).toEqual([target, 200, "application/pdf", bytes]);
    }
    const { headers } = await get("/demo/papers/a.pdf/ik-thumbnail.jpg?ik-attachment=true");
    expect(headers["content-disposition"]).toBe("attachment; filename=a.jpg");
    expect(await answerOf("/demo/papers/a.pdf/ik-thumbnail.jpg?tr=pg-3")).toEqual([
      400,
      "EINVALID - The file has no page 3",
    ]);
    expect((await answerOf("/demo/papers/a.pdf/ik-video.mp4"))[0]).toBe(400);
  });

  test("a PSD is shown by any transformation, and its plain URL is the file", async () => {
    const { store, get } = suite();
    const rows = Array.from({ length: 4 }, () => Uint8Array.from([200, 200, 200, 200, 200, 200]));
    const bytes = psdOf({ width: 6, height: 4, mode: 1, rows });
    await store({ path: "/drafts/a.psd", bytes, mime: "image/vnd.adobe.photoshop" });
    expect((await get("/demo/drafts/a.psd")).body).toEqual(bytes);
    for (const rest of ["a.psd/ik-thumbnail.jpg", "a.psd?tr=w-3", "a.psd?tr=n-ik_ml_thumbnail"]) {
      const { status, headers } = await get(`/demo/drafts/${rest}`);
      expect([rest, status, headers["content-type"]]).toEqual([rest, 200, "image/jpeg"]);
    }
    expect((await answerOf("/demo/drafts/a.psd?tr=pg-2"))[0]).toBe(400);
  });

  test("ik-thumbnail.jpg of what has no picture is not there, of what can't be read refused", async () => {
    const { store } = suite();
    await store({ path: "/no/a.txt", bytes: Buffer.from("text") });
    await store({ path: "/no/a.psd", bytes: Buffer.from("8BPS"), mime: "image/vnd.adobe.photoshop" });
    expect(await answerOf("/demo/no/a.txt/ik-thumbnail.jpg")).toEqual([404, expect.stringContaining("ENOENT")]);
    expect(await answerOf("/demo/no/a.psd/ik-thumbnail.jpg")).toEqual([400, "EINVALID - The image can't be decoded"]);
  });

  test("a private file's thumbnail needs a signature, unless it is a named one", async () => {
    const bytes = await moving;
    await suite().store({ path: "/secret/a.gif", bytes, mime: "image/gif", isPrivate: true });
    const path = "secret/a.gif/ik-thumbnail.jpg";
    expect((await answerOf(`/demo/${path}`))[0]).toBe(401);
    expect((await answerOf(`/demo/${path}?tr=w-8`))[0]).toBe(401);
    expect((await answerOf(`/demo/${path}?tr=n-ik_ml_thumbnail`))[0]).toBe(200);
    expect((await answerOf(`/demo/${signPath("private_test", path)}`))[0]).toBe(200);
  });

  test("playlists, and videos of what doesn't move, are not available; the file behind their names is", async () => {
    const { store } = suite();
    await store({ path: "/clips/a.mov", ...video });
    await store({ path: "/clips/a.png", bytes: await moving, mime: "image/png" });
    for (const target of [
      "a.png/ik-video.mp4",
      "a.png/ik-gif-video.mp4?tr=w-2",
      "a.mov/ik-video.mp4/ik-master.m3u8?tr=sr-240",
      "a.mov/ik-master.m3u8?tr=sr-240_360",
      "a.mov/ik-master.mpd?tr=sr-240_360",
    ]) {
      expect([target, ...(await answerOf(`/demo/clips/${target}`))]).toEqual([target, 400, unavailable]);
    }
    expect((await suite().get("/demo/clips/a.mov/ik-video.mp4?tr=orig-true")).body).toEqual(video.bytes);
    expect((await answerOf("/demo/clips/none.mov/ik-video.mp4"))[0]).toBe(404);
  });

  test("a file that is named like a suffix is a file, where there is none before it", async () => {
    const { store, get } = suite();
    await store({ path: "/named/ik-thumbnail.jpg", bytes: Buffer.from("own"), mime: "image/jpeg" });
    await store({ path: "/named/ik-video.mp4", ...video });
    await store({ path: "/named/b.jpg", bytes: Buffer.from("seo"), mime: "image/jpeg" });
    expect((await get("/demo/named/ik-thumbnail.jpg")).body.toString()).toBe("own");
    expect((await get("/demo/named/ik-video.mp4?v=1")).body).toEqual(video.bytes);
    expect((await get("/demo/ik-seo/named/b/ik-thumbnail.jpg")).body.toString()).toBe("seo");
    // It is a thumbnail of the file, which is no video.
    expect((await answerOf("/demo/named/ik-video.mp4/ik-thumbnail.jpg"))[0]).toBe(400);
  });

  test("no length of a URL makes more look-ups for files of it", async () => {
    const decomposed = "%65%CC%81";
    const run = vi.spyOn(suite().library.reader.engine as Required<Engine>, "runNow");
    try {
      for (const [rest, lookups] of [
        ["looked/up.jpg", 1],
        [`looked/up.jpg${"/ik-thumbnail.jpg".repeat(700)}`, 2],
        [`looked/up.jpg${"/ik-video.mp4/ik-thumbnail.jpg".repeat(400)}`, 3],
        [`${decomposed}/up.jpg/ik-video.mp4/ik-master.mpd`, 6],
        [`ik-seo/${decomposed}/a/b.mov/ik-video.mp4/ik-thumbnail.jpg?ik-obj-version=a&tr=di-a@@${decomposed}`, 26],
        [`${"a/".repeat(5_000)}b.jpg`, 1],
        [`a.jpg?tr=di-${"a@@".repeat(3_000)}b`, 2],
      ] as const) {
        run.mockClear();
        const { status } = await suite().server.ask(`/demo/${rest}`);
        expect([status, run.mock.calls.length], rest.slice(0, 60)).toEqual([404, lookups]);
      }
    } finally {
      run.mockRestore();
    }
  });

  test.each([
    "https://example.com/a.jpg",
    "https:/example.com/a.jpg",
    "http://127.0.0.1/a.jpg",
    "HTTPS%3A%2F%2Fexample.com%2Fa.jpg",
    "https%3a//example.com/a.jpg",
    "https%253A%252F%252Fexample.com%252Fa.jpg",
    "tr:w-100/https://example.com/a.jpg",
    "https://example.com/a.jpg?tr=w-100",
    "ik-seo/https://example.com/a/b.jpg",
    "/https://example.com/a.jpg",
  ])("%s is a URL of another host, which nobody fetches", async (rest) => {
    const { status, headers, body } = await suite().get(`/demo/${rest}`);
    expect([status, headers["ik-error"], body.toString()]).toEqual([
      400,
      "EINVALID - URLs of other hosts are not available",
      "Bad Request\nURLs of other hosts are not available\n",
    ]);
  });

  test("a folder whose name begins like a scheme is a folder", async () => {
    await suite().store({ path: "/https/a.txt", bytes: Buffer.from("folder") });
    expect((await suite().get("/demo/https/a.txt")).body.toString()).toBe("folder");
  });
});
