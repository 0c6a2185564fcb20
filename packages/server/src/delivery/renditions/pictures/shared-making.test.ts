import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { defaultSwitches } from "../../../accounts/delivery-switches.ts";
import { serverParty } from "../../../concurrency/fair-line.ts";
import { noLayers } from "../../find/find-layers.ts";
import { RenditionCache } from "../kept/rendition-cache.ts";
import { RenditionFolder } from "../kept/rendition-folder.ts";
import type { Asked } from "../rendition.ts";
import { type PictureDeps, pictureRendition } from "./picture-rendition.ts";

test("a shared rendering asks models for as long as anybody waits for it", async () => {
  const derived = new RenditionCache({
    folder: new RenditionFolder("/nowhere"),
    memoryBytes: 2 ** 20,
    diskBytes: 0,
    count() {},
    troubled: (error) => expect.unreachable(String(error)),
  });
  const looking = Promise.withResolvers<AbortSignal>();
  const found = Promise.withResolvers<Buffer>();
  const find = async (_: string, signal: AbortSignal) => {
    looking.resolve(signal);
    return { data: await found.promise, contentType: "image/png", width: 1, digest: "" };
  };
  const images = {
    render: async ({ findAiPicture }: Parameters<PictureDeps["images"]["render"]>[0]) => ({
      data: Buffer.from((await findAiPicture?.({} as never, {} as never)) ?? []),
      contentType: "image/png",
      width: 1,
    }),
  };
  const later = { forget: () => undefined };
  const ai = { effects: new Set() };
  const deps = {
    derived: { find },
    images,
    blobs: {},
    database: {},
    later,
    ai,
    now: Date.now,
  } as unknown as PictureDeps;
  const asked = {
    version: { id: "v", account_id: "a", purges: 0, mime: "image/png", kind: "picture", storage_key: "s", size: 1 },
    rendition: { kind: "explicit", transformation: parseTransformation("w-1"), thumbnail: false },
    layers: noLayers,
    switches: defaultSwitches,
    requestHeaders: {},
    party: serverParty,
  } as unknown as Asked;
  const picture = pictureRendition(deps, asked) ?? expect.fail("no picture");
  const [first, second] = [new AbortController(), new AbortController()];
  const get = ({ signal }: AbortController) => derived.get(picture.key, picture.make, signal);
  const begun = get(first);
  const joined = get(second);
  const alone = await looking.promise;
  first.abort(new Error("gone"));
  await expect(begun).rejects.toThrow("gone");
  expect(alone.aborted).toBe(false);
  found.resolve(Buffer.from("made"));
  expect(Buffer.from((await joined).data ?? []).toString()).toBe("made");
});
