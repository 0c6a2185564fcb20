import { Readable } from "node:stream";
import sharp from "sharp";
import { expect, test, vi } from "vitest";
import { serverParty } from "../../concurrency/fair-line.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { injectedModels, openImages } from "../../media/testing/open-images.ts";
import { ExtensionFailure, type ExtensionTask } from "../provider.ts";
import { autoTagging } from "./auto-tagging-provider.ts";

const never = new AbortController().signal;

function taskFor(bytes: Buffer, file: Partial<AssetRow> = {}): ExtensionTask {
  return {
    runId: "run",
    extension: { name: "google-auto-tagging", options: { minConfidence: 50, maxTags: 1 } },
    asset: { kind: "picture", size: bytes.length, ...file } as AssetRow,
    awaited: true,
    endpoint: { publicUrl: "https://files.example", imagekitId: "demo" },
    read: async () => Readable.from([bytes]),
  };
}

test("the model is given the whole picture, squeezed, and its surest tags are kept", async () => {
  const models = injectedModels();
  const images = openImages({ models });
  models.found.tags = [
    { name: "Cat", confidence: 80 },
    { name: "Dog", confidence: 70 },
    { name: "Cow", confidence: 10 },
  ];
  const bytes = await sharp({ create: { width: 40, height: 10, channels: 4, background: "#f008" } })
    .png()
    .toBuffer();
  const result = await autoTagging({ images }).run(taskFor(bytes), async (given) => given, never);
  expect(result).toEqual({ aiTags: [{ name: "Cat", confidence: 80 }] });
  expect(models.searched).toEqual(["tag 512x512"]);
  await images.close();
});

test.each([
  ["an answer that waits for tags is the account's", true, { account: "account", client: "" }],
  ["a job is the server's own", false, serverParty],
])("the work for %s", async (_, awaited, party) => {
  const models = injectedModels();
  const images = openImages({ models });
  const paid = vi.fn();
  const counted: typeof images = {
    ...images,
    render(request) {
      paid(request.party);
      return images.render(request);
    },
    tag(picture, options) {
      paid(options.party);
      return images.tag(picture, options);
    },
  };
  const bytes = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const task = { ...taskFor(bytes, { account_id: "account" }), awaited };
  await autoTagging({ images: counted }).run(task, async () => undefined, never);
  expect(paid.mock.calls).toEqual([[party], [party]]);
  await images.close();
});

test("an answer waits behind a few others alone, a job behind all", async () => {
  const first = Promise.withResolvers<void>();
  const models = injectedModels();
  models.busy = first.promise;
  const images = openImages({ models });
  const provider = autoTagging({ images });
  const bytes = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const run = (task: ExtensionTask) => provider.run(task, async () => "done", never);
  const waiting = Array.from({ length: 4 }, () => run(taskFor(bytes)));
  await expect(run(taskFor(bytes))).rejects.toThrow("too many");
  const job = run({ ...taskFor(bytes), awaited: false });
  first.resolve();
  expect(await Promise.all([...waiting, job])).toEqual(Array(5).fill("done"));
  await images.close();
});

test("what is no image, and what can't be read as one, is a failure for good", async () => {
  const models = injectedModels();
  const images = openImages({ models });
  const provider = autoTagging({ images });
  const run = (task: ExtensionTask) => provider.run(task, async () => undefined, never);
  await expect(run(taskFor(Buffer.from("text"), { kind: "other" }))).rejects.toThrow(ExtensionFailure);
  await expect(run(taskFor(Buffer.from("no picture at all")))).rejects.toThrow(ExtensionFailure);
  expect(models.searched).toEqual([]);
  await images.close();
});
