import { buildSrc, getResponsiveImageAttributes } from "@imagekit/javascript";
import ImageKit from "@imagekit/nodejs";
import { supportedTransforms } from "@imagekit/nodejs/lib/transformation-utils";
import ImageKitV6 from "imagekit";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deliver } from "./harness/deliver.ts";
import { png } from "./harness/samples.ts";
import { layerOptions } from "./harness/sdk-layer-options.ts";
import {
  type BrowserStep,
  browserOptions,
  layerFile,
  type Made,
  otherForms,
  overlays,
  type Refused,
  type Step,
  sdkOptions,
} from "./harness/sdk-options.ts";
import { type V6Step, v6Options } from "./harness/sdk-v6-options.ts";
import { layersOnVideos } from "./harness/sdk-video-options.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
let client: ImageKit;
let clientV6: ImageKitV6;
let src: string;
beforeAll(async () => {
  server = await startServer();
  client = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url });
  clientV6 = new ImageKitV6({ ...keys, urlEndpoint: `${server.url}/demo` });
  src = (await uploadBasic(server.url, await png(600, 400, { alpha: true }), { fileName: "a.png" })).body.filePath;
  await uploadBasic(server.url, await png(40, 20), { fileName: layerFile, useUniqueFileName: "false" });
});
afterAll(() => server?.stop());

const positions = ["query", "path"] as const;
const place = (): { urlEndpoint: string; src: string } => ({ urlEndpoint: `${server.url}/demo`, src });

/** The URLs that the server SDK and the browser SDK make of one transformation, in the query and in the path. */
function urlsOf(steps: Step[], signing: { expiresIn?: number } = {}): ReadonlySet<string> {
  const urls = positions.flatMap((transformationPosition) => [
    client.helper.buildSrc({ ...place(), transformation: steps, ...signing, transformationPosition }),
    ...browserUrlsOf(steps as BrowserStep[], transformationPosition),
  ]);
  return new Set(urls);
}

function browserUrlsOf(transformation: BrowserStep[], ...at: (typeof positions)[number][]): string[] {
  return at.map((transformationPosition) => buildSrc({ ...place(), transformation, transformationPosition }));
}

/** The URLs of version 6, signed for an hour, because only backends use that version. */
function v6UrlsOf(step: V6Step): string[] {
  return positions.map((transformationPosition) =>
    clientV6.url({ path: src, transformation: [step], transformationPosition, signed: true, expireSeconds: 3600 }),
  );
}

async function sizeAt(url: string): Promise<readonly unknown[]> {
  const { status, headers, bytes } = await deliver(url);
  if (status !== 200) return [status, headers["ik-error"]];
  const { width, height, format } = await sharp(bytes).metadata();
  expect(headers["content-type"], url).toBe(format === "heif" ? "image/avif" : `image/${format}`);
  return [width, height];
}

/**
 * Expects the first URL to give the example's size, and the other URLs to give the same status. All URLs hold the same
 * text in different places.
 */
async function expectExamples<S>(examples: readonly (Made<S> | Refused<S>)[], urls: (step: S) => Iterable<string>) {
  for (const example of examples) {
    const [step, expected] =
      "refused" in example
        ? [example.refused, [400, `${example.code ?? "EINVALID"} - ${example.message}`]]
        : [example[0], [example[1], example[2]]];
    const [first = "", ...others] = urls(step);
    expect(await sizeAt(first), first).toEqual(expected);
    for (const url of others)
      expect((await deliver(url, { method: "HEAD" })).status, url).toBe("refused" in example ? 400 : 200);
  }
}

describe.each(Object.entries(sdkOptions))("the option %s", (_, examples) => {
  test("gives a picture of the right size, or the answer that the specification has for it", () =>
    expectExamples<Step>(examples, (step) => urlsOf([step])));
});

describe.each(Object.entries(browserOptions))("the option %s of the SDK for browsers alone", (_, examples) => {
  test("gives a picture of the right size, or is refused", () =>
    expectExamples<BrowserStep>(examples, (step) => browserUrlsOf([step], ...positions)));
});

test.each(Object.entries(v6Options))("the option %s of version 6 gives the right size, or is refused", (_, examples) =>
  expectExamples<V6Step>(examples, v6UrlsOf),
);

test("arithmetic and conditions give the right size", () => expectExamples<Step>(otherForms, (step) => urlsOf([step])));

describe.each(Object.entries(overlays))("a layer of the type %s", (_, examples) => {
  test("is drawn on a picture of the right size, or is refused", () =>
    expectExamples<Step>(examples, (step) => urlsOf([step])));
});

describe.each(Object.entries(layerOptions))("every option of a layer of the type %s", (_, options) => {
  test.each(Object.entries(options))("is taken: %s", (_name, examples) =>
    expectExamples<Step>(examples, (step) => [client.helper.buildSrc({ ...place(), transformation: [step] })]),
  );
});

/** Each option of a step with an example. The SDKs offer the same options for an image in a layer. */
const inLayers = Object.entries<readonly (Made | Refused)[]>(sdkOptions).map(([option, [example]]) => {
  const step = example === undefined ? {} : "refused" in example ? example.refused : example[0];
  return [option, step] as const;
});

/** The options of models that a layer takes. The others have no effect in one (docs/protocol/transformations.md §6.2). */
const modelsInLayers = new Set(["aiRemoveBackground", "aiRemoveBackgroundExternal"]);

test.each(inLayers)("the option %s in a layer leaves the picture its size", async (option, step) => {
  const overlay: Step["overlay"] = { type: "image", input: src, transformation: [step] };
  const size = await sizeAt(client.helper.buildSrc({ ...place(), transformation: [{ width: 60, overlay }] }));
  expect(size).toEqual(modelsInLayers.has(option) ? [400, "EINVALID - AI transformation not available"] : [60, 40]);
});

test("the SDK has no key for an option that no example shows", () => {
  const shown = new Set(keysIn([sdkOptions, browserOptions, layerOptions, layersOnVideos]));
  expect(Object.keys(supportedTransforms).filter((option) => !shown.has(option))).toEqual([]);
});

/** The names of all members of an object, at any depth. */
function keysIn(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...keysIn(member)]);
}

test("several steps are done one after the other", async () => {
  const steps: Step[] = [{ width: 300, height: 300 }, { rotation: 90, border: "5_000000" }, { height: 31 }];
  for (const url of urlsOf(steps, { expiresIn: 300 })) expect(await sizeAt(url), url).toEqual([31, 31]);
});

type UrlOptions = Omit<ImageKit.SrcOptions, "src" | "urlEndpoint" | "transformation">;

/** The options of a URL besides its transformation. An option that the SDK adds doesn't compile until it is here. */
const urlOptions = {
  transformationPosition: [{ transformationPosition: "path" }, { transformationPosition: "query" }],
  queryParameters: [{ queryParameters: { v: "1,2", ü: "a b" } }],
  signed: [{ signed: true }],
  expiresIn: [{ expiresIn: 300 }],
} satisfies Record<keyof UrlOptions, readonly UrlOptions[]>;

test.each(Object.entries<readonly UrlOptions[]>(urlOptions))("the option %s of a URL is taken", async (_, examples) => {
  for (const options of examples) {
    const url = client.helper.buildSrc({ ...place(), transformation: [{ width: 30 }], ...options });
    expect(await sizeAt(url), url).toEqual([30, 20]);
  }
});

describe("the responsive attributes of an image", () => {
  const breakpoints = { imageBreakpoints: [64, 96], deviceBreakpoints: [320, 450, 900] };
  /** Each candidate of a `srcset`, with its descriptor. */
  const candidates = (srcSet = ""): (readonly [url: string, descriptor: string])[] =>
    srcSet.split(", ").map((candidate) => [...candidate.split(" "), ""] as unknown as [string, string]);

  test.each(positions)(
    "name widths that the pictures have, and never more than the file has: in the %s",
    async (at) => {
      const options = { ...place(), ...breakpoints, transformationPosition: at, sizes: "25vw" };
      const { srcSet, src: fallback } = getResponsiveImageAttributes(options);
      const widths = candidates(srcSet).map(([, descriptor]) => descriptor);
      expect(widths).toEqual(["96w", "320w", "450w", "900w"]);
      for (const [url, descriptor] of candidates(srcSet)) {
        expect(await sizeAt(url), url).toEqual(
          descriptor === "900w" ? [600, 400] : [Number.parseInt(descriptor, 10), expect.any(Number)],
        );
      }
      expect(await sizeAt(fallback)).toEqual([600, 400]);
    },
  );

  test("follow what else is asked of the picture, for screens of one and two pixels a point", async () => {
    const square: BrowserStep[] = [{ aspectRatio: "1-1", width: 400 }];
    const { srcSet } = getResponsiveImageAttributes({ ...place(), ...breakpoints, width: 60, transformation: square });
    expect(candidates(srcSet).map(([, descriptor]) => descriptor)).toEqual(["1x", "2x"]);
    expect(await Promise.all(candidates(srcSet).map(([url]) => sizeAt(url)))).toEqual([
      [64, 64],
      [320, 320],
    ]);
  });
});
