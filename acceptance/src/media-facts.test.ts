import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver, original } from "./harness/deliver.ts";
import { call } from "./harness/media-api.ts";
import { animation, encoded, gif, jpeg, mp4, photograph, png, svg, webm } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Content = string | Uint8Array;
type Make = () => Content | Promise<Content>;

/** The upload's answer, the details in the media API, and the content type of the delivered file. */
async function facts(content: Content, fileName: string) {
  const { status, body: answer } = await uploadBasic(server.url, content, { fileName });
  expect(answer).toHaveProperty("fileId");
  expect(status).toBe(200);
  const { body: details } = await call(server.url, "GET", `/v1/files/${answer.fileId}/details`);
  const { headers, bytes } = await deliver(original(answer.url));
  expect(bytes).toEqual(Buffer.from(content));
  expect(details.fileType).toBe(answer.fileType);
  expect([details.width, details.height]).toEqual([answer.width, answer.height]);
  // The name stays, whatever the bytes are.
  expect(answer.name).toMatch(new RegExp(`^a_.{9,11}${fileName.slice(1)}$`));
  return { answer, details, contentType: headers["content-type"] };
}

async function typeOf(content: Content, fileName: string): Promise<[fileType: string, mime: string]> {
  const { details, contentType } = await facts(content, fileName);
  expect(contentType?.split(";")[0]).toBe(details.mime);
  return [details.fileType, details.mime];
}

describe("a picture", () => {
  test.each([
    ["image/jpeg", "a.jpg", false, () => jpeg()],
    ["image/png", "a.png", false, () => png()],
    ["image/png", "a.png", true, () => png(6, 4, { alpha: true })],
    ["image/webp", "a.webp", false, () => encoded("webp", false)],
    ["image/webp", "a.webp", true, () => encoded("webp", true)],
    ["image/gif", "a.gif", false, () => gif(false)],
    ["image/gif", "a.gif", true, () => gif(true)],
    ["image/avif", "a.avif", false, () => encoded("avif", false)],
    ["image/avif", "a.avif", true, () => encoded("avif", true)],
    ["image/tiff", "a.tiff", false, () => encoded("tiff", false)],
  ] as const)("of type %s has its size and whether it has alpha: %s, %s", async (mime, fileName, hasAlpha, make) => {
    const { answer, details, contentType } = await facts(await make(), fileName);
    expect(answer).toMatchObject({ fileType: "image", width: 6, height: 4 });
    expect(details).toMatchObject({ mime, hasAlpha });
    expect(contentType).toBe(mime);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("of EXIF orientation %i has the size at which it is displayed", async (value) => {
    const bytes = await photograph(value);
    const { answer } = await facts(bytes, "a.jpg");
    expect(answer).toMatchObject({ orientation: value, width: 60, height: 40 });
    const thumbnail = await deliver(answer.thumbnailUrl);
    const { data, info } = await sharp(thumbnail.bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([60, 40]);
    const redAt = (x: number, y: number) => (data[(y * info.width + x) * info.channels] ?? 0) > 128;
    expect([redAt(5, 5), redAt(54, 5), redAt(5, 34), redAt(54, 34)]).toEqual([true, false, false, false]);
  });

  test("without EXIF has no orientation", async () => {
    expect((await facts(await jpeg(), "a.jpg")).answer).not.toHaveProperty("orientation");
  });

  test.each(["gif", "webp"] as const)("that moves has the size of a frame: %s", async (format) => {
    const { answer, details } = await facts(await animation(format), `a.${format}`);
    expect(answer).toMatchObject({ fileType: "image", width: 8, height: 5 });
    expect(details.mime).toBe(`image/${format}`);
  });

  test("that is damaged is one all the same", async () => {
    const whole = await jpeg(600, 400);
    const { answer } = await facts(whole.subarray(0, 40), "a.jpg");
    expect(answer.fileType).toBe("image");
    expect(answer).not.toHaveProperty("width");
    const broken = Buffer.concat([(await png()).subarray(0, 20), randomBytes(500)]);
    expect(await typeOf(broken, "a.png")).toEqual(["image", "image/png"]);
  });
});

describe("an SVG", () => {
  const root = (attributes: string) => `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`;

  test.each([
    ["its width and height", svg, 30, 20],
    ["its units", root('width="1in" height="48pt"'), 96, 64],
    ["its viewBox without them", root('viewBox="0 0 120 80"'), 120, 80],
    ["its viewBox when they are relative", root('width="100%" height="100%" viewBox="0 0 12 8"'), 12, 8],
  ])("is as large as %s", async (_, content, width, height) => {
    const { answer, details } = await facts(content, "a.svg");
    expect(answer).toMatchObject({ fileType: "image", width, height });
    expect(details).toMatchObject({ mime: "image/svg+xml", hasAlpha: true });
  });

  test("may begin with a declaration, a document type and comments", async () => {
    const content = `\ufeff<?xml version="1.0"?>\n<!-- <html> -->\n<!DOCTYPE svg>\n${svg}`;
    expect(await typeOf(content, "a.svg")).toEqual(["image", "image/svg+xml"]);
  });

  test.each([
    ["a page", "<!doctype html><svg></svg><script>alert(1)</script>"],
    ["a text", "no drawing at all"],
    ["XML of another kind", '<?xml version="1.0"?><note><svg/></note>'],
  ])("by name alone is plain text: %s", async (_, content) => {
    expect(await typeOf(content, "a.svg")).toEqual(["non-image", "text/plain"]);
  });

  test("is one by its name, since text is what its extension says", async () => {
    expect(await typeOf(svg, "a.txt")).toEqual(["non-image", "text/plain"]);
  });
});

describe("content that lies", () => {
  const lies: readonly [what: string, fileName: string, make: Make, fileType: string, mime: string][] = [
    ["a picture called text", "a.txt", () => png(), "image", "image/png"],
    ["a picture called page", "a.html", () => png(), "image", "image/png"],
    ["a picture called otherwise", "a.jpg", () => png(), "image", "image/png"],
    ["a picture without an extension", "a", () => jpeg(), "image", "image/jpeg"],
    ["a film called picture", "a.jpg", () => mp4(), "non-image", "video/mp4"],
    ["a page called picture", "a.jpg", () => "<script>alert(1)</script>", "non-image", "text/plain"],
    ["a script called film", "a.mp4", () => "alert(1)", "non-image", "text/plain"],
    ["noise called picture", "a.png", () => Buffer.alloc(999, 7), "non-image", "application/octet-stream"],
    ["noise called page", "a.html", () => Buffer.alloc(999, 7), "non-image", "application/octet-stream"],
    ["noise called drawing", "a.svg", () => Buffer.alloc(999, 7), "non-image", "application/octet-stream"],
  ];

  test.each(lies)("is what its bytes are: %s", async (_, fileName, make, fileType, mime) => {
    expect(await typeOf(await make(), fileName)).toEqual([fileType, mime]);
  });
});

describe("a file that is no picture", () => {
  const binaries: readonly [fileName: string, make: () => Content, mime: string][] = [
    ["a.mp4", () => mp4(), "video/mp4"],
    ["a.webm", () => webm(), "video/webm"],
    ["a.pdf", () => "%PDF-1.7\n%âãÏÓ\n", "application/pdf"],
    ["a.zip", () => Buffer.from("504b0506000000000000000000000000000000000000", "hex"), "application/zip"],
    ["a.wav", () => Buffer.from("RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0", "latin1"), "audio/wav"],
  ];

  test.each(binaries)("is known by its magic number: %s", async (fileName, make, mime) => {
    const { answer, details } = await facts(make(), fileName);
    expect(details).toMatchObject({ fileType: "non-image", mime });
    for (const name of ["thumbnailUrl", "orientation"]) expect(answer).not.toHaveProperty(name);
    expect(details).not.toHaveProperty("hasAlpha");
  });

  test.each([
    ["a.txt", "text/plain"],
    ["a.html", "text/html"],
    ["a.css", "text/css"],
    ["a.js", "text/javascript"],
    ["a.json", "application/json"],
    ["a.csv", "text/csv"],
    ["a.XML", "application/xml"],
    ["a", "text/plain"],
    ["a.unknown", "text/plain"],
    ["a.jpeg", "text/plain"],
    ["a.exe", "text/plain"],
  ])("is, when it is text, what its extension says among text types: %s", async (fileName, mime) => {
    expect(await typeOf("words, and nothing but words", fileName)).toEqual(["non-image", mime]);
  });
});
