import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

/** A picture of people in a row, from the model's package. */
const picture = join(
  dirname(dirname(createRequire(import.meta.url).resolve("@vladmandic/human"))),
  "assets/samples.jpg",
);

let server: RunningServer;
beforeAll(async () => {
  // Allows for a busy machine: the tests are about what is found, not how fast.
  server = await startServer({ flags: ["--auto-tagging", "--limit", "extension-wait-seconds=50"] });
});
afterAll(() => server?.stop());

const tagging = (name: string, members: object) =>
  JSON.stringify([{ name, minConfidence: 30, maxTags: 5, ...members }]);

test("an image is tagged with what it shows, without a network, under the name of the extension asked for", async () => {
  const bytes = await readFile(picture);
  const fields = { fileName: "people.jpg", extensions: tagging("google-auto-tagging", {}) };
  const { body } = await uploadBasic(server.url, bytes, fields);
  expect(body.extensionStatus).toEqual({ "google-auto-tagging": "success" });
  expect(body.AITags[0]).toMatchObject({ name: "Person", source: "google-auto-tagging" });
  const confidences = body.AITags.map(({ confidence }: { confidence: number }) => confidence);
  expect(confidences).toEqual([...confidences].sort((one, other) => other - one));
  expect(Math.min(...confidences)).toBeGreaterThanOrEqual(30);
  const path = `/v1/files/${body.fileId}/details`;
  const extensions = JSON.parse(tagging("aws-auto-tagging", { minConfidence: 99 }));
  const patched = (await call(server.url, "PATCH", path, { body: { removeAITags: "all", extensions } })).body;
  expect([patched.extensionStatus, patched.AITags]).toEqual([{ "aws-auto-tagging": "success" }, null]);
});

test("what is no picture has no tags: the extension has failed, and the file is stored", async () => {
  const fields = { fileName: "a.txt", extensions: tagging("aws-auto-tagging", {}) };
  const { status, body } = await uploadBasic(server.url, "text", fields);
  expect([status, body.extensionStatus, body.AITags]).toEqual([200, { "aws-auto-tagging": "failed" }, null]);
});

/** A portrait of 160 pixels above black, cut out of a screenshot from the model's package. */
const portrait = sharp(picture.replace("samples.jpg", "screenshot-facedetect.jpg"))
  .extract({ left: 0, top: 330, width: 160, height: 388 })
  .jpeg();

test("pictures are cropped around faces and objects, in a URL and before they are stored", async () => {
  const bytes = await portrait.toBuffer();
  const { body: whole } = await uploadBasic(server.url, bytes, { fileName: "portrait.jpg" });
  const sizeOf = async (transformation: string) => {
    const response = await fetch(`${whole.url.split("?")[0]}?tr=${transformation},f-jpg`);
    expect([transformation, response.status, response.headers.get("ik-error")]).toEqual([transformation, 200, null]);
    const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
    return { width, height };
  };
  const face = await sizeOf("fo-face");
  expect(face.width).toBe(160);
  expect(Math.abs(face.height - 195)).toBeLessThan(40);
  const close = await sizeOf("fo-face,z-2");
  expect(Math.abs(close.width - 100)).toBeLessThan(25);
  expect(await sizeOf("w-50,h-40,fo-face")).toEqual({ width: 50, height: 40 });
  expect(await sizeOf("fo-dog")).toEqual({ width: 160, height: 388 });
  expect((await sizeOf("fo-person_dog")).height).toBeLessThan(250);
  const transformation = JSON.stringify({ pre: "fo-face" });
  const { body: cropped } = await uploadBasic(server.url, bytes, { fileName: "cropped.jpg", transformation });
  expect([cropped.width, cropped.height]).toEqual([face.width, face.height]);
});
