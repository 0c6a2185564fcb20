import { buildSrc } from "@imagekit/javascript";
import ImageKit from "@imagekit/nodejs";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { png } from "./harness/samples.ts";
import { type Made, type Refused, refusedForms, sdkOptions } from "./harness/sdk-options.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let client: ImageKit;
let src: string;
beforeAll(async () => {
  server = await startServer();
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  src = (await uploadBasic(server.url, await png(600, 400, { alpha: true }), { fileName: "a.png" })).body.filePath;
});
afterAll(() => server?.stop());

type Step = ImageKit.Transformation;

/** What the SDKs make of the same transformation: for servers and for browsers, in the query and in the path. */
function urlsOf(steps: Step[], signing: { expiresIn?: number } = {}): ReadonlySet<string> {
  const options = { urlEndpoint: `${server.url}/demo`, src, transformation: steps };
  const urls = (["query", "path"] as const).flatMap((transformationPosition) => [
    client.helper.buildSrc({ ...options, ...signing, transformationPosition }),
    buildSrc({ ...options, transformationPosition } as Parameters<typeof buildSrc>[0]),
  ]);
  return new Set(urls);
}

async function sizeAt(url: string): Promise<readonly unknown[]> {
  const { status, headers, bytes } = await deliver(url);
  if (status !== 200) return [status, headers["ik-error"]];
  const { width, height, format } = await sharp(bytes).metadata();
  expect(headers["content-type"], url).toBe(format === "heif" ? "image/avif" : `image/${format}`);
  return [width, height];
}

describe.each(Object.entries(sdkOptions))("the option %s", (_, cases) => {
  test("gives a picture of the right size, or the answer that the specification has for it", async () => {
    for (const example of cases as readonly (Made | Refused)[]) {
      const [step, expected] =
        "refused" in example
          ? [example.refused, [400, `EINVALID - ${example.message}`]]
          : [example[0], [example[1], example[2]]];
      const [first = "", ...others] = urlsOf([step]);
      expect(await sizeAt(first), first).toEqual(expected);
      for (const url of others)
        expect((await deliver(url, { method: "HEAD" })).status, url).toBe("refused" in example ? 400 : 200);
    }
  });
});

test("layers, arithmetic and conditions are refused by what they are", async () => {
  for (const { refused, message } of refusedForms) {
    for (const url of urlsOf([refused])) expect(await sizeAt(url), url).toEqual([400, `EINVALID - ${message}`]);
  }
});

test("several steps are done one after the other", async () => {
  const steps: Step[] = [{ width: 300, height: 300 }, { rotation: 90, border: "5_000000" }, { height: 31 }];
  for (const url of urlsOf(steps, { expiresIn: 300 })) expect(await sizeAt(url), url).toEqual([31, 31]);
});
