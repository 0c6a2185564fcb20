import { buildSrc } from "@imagekit/javascript";
import ImageKit from "@imagekit/nodejs";
import ImageKitV6 from "imagekit";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { png } from "./harness/samples.ts";
import type { BrowserStep, Step } from "./harness/sdk-options.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

// One transformation of each kind. The soak has every option of the SDKs, and `render/url-parameters.test.ts` its pixels.

let server: RunningServer;
let client: ImageKit;
let place: { readonly urlEndpoint: string; readonly src: string };
beforeAll(async () => {
  server = await startServer();
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  const { body } = await uploadBasic(server.url, await png(600, 400), { fileName: "a.png" });
  place = { urlEndpoint: `${server.url}/demo`, src: body.filePath };
});
afterAll(() => server?.stop());

async function sizeAt(url: string): Promise<readonly [number, number]> {
  const { status, bytes } = await deliver(url);
  expect(status, url).toBe(200);
  const { width, height } = await sharp(bytes).metadata();
  return [width, height];
}

const layer: Step["overlay"] = { type: "text", text: "sea", transformation: [{ fontSize: 20 }] };

test.each<[what: string, steps: Step[], width: number, height: number]>([
  ["a width", [{ width: 300 }], 300, 200],
  ["an aspect ratio", [{ width: 300, aspectRatio: "1-1" }], 300, 300],
  [
    "a crop mode with its background",
    [{ width: 300, height: 300, cropMode: "pad_resize", background: "F00" }],
    300,
    300,
  ],
  ["a crop with its focus", [{ width: 100, height: 100, cropMode: "extract", focus: "top_left" }], 100, 100],
  ["a rotation", [{ width: 300, rotation: 90 }], 200, 300],
  ["arithmetic", [{ width: "iw_div_2" }], 300, 200],
  ["a condition", [{ raw: "if-w_gt_500,w-50,if-end" }], 50, 33],
  ["a layer", [{ width: 300, overlay: layer }], 300, 200],
  ["steps one after the other", [{ width: 300 }, { height: 100 }], 150, 100],
])(
  "%s gives a picture of the right size, from backends and from browsers, in the query and in the path",
  async (_, transformation, width, height) => {
    for (const transformationPosition of ["query", "path"] as const) {
      const options = { ...place, transformationPosition };
      const urls = [
        client.helper.buildSrc({ ...options, transformation, expiresIn: 300 }),
        buildSrc({ ...options, transformation: transformation as BrowserStep[] }),
      ];
      for (const url of urls) expect(await sizeAt(url), url).toEqual([width, height]);
    }
  },
);

test("version 6 signs what the server takes", async () => {
  const v6 = new ImageKitV6({ ...keys, urlEndpoint: place.urlEndpoint });
  const signed = { path: place.src, signed: true, expireSeconds: 300 };
  expect(await sizeAt(v6.url({ ...signed, transformation: [{ width: "300", rotation: "90" }] }))).toEqual([200, 300]);
});
