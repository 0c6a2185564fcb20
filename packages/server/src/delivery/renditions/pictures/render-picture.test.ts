import { parseTransformation } from "@sluice/grammar";
import { expect, test } from "vitest";
import { defaultDelivery } from "../../../media/image/plan/choose-output.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import { RenditionCache } from "../kept/rendition-cache.ts";
import { RenditionFolder } from "../kept/rendition-folder.ts";
import type { Recipe } from "./recipe.ts";
import { type RenderNeeds, renderPicture } from "./render-picture.ts";

test("a shared rendering asks models for as long as anybody waits for it", async () => {
  const derived = new RenditionCache({
    folder: new RenditionFolder("/nowhere"),
    memoryBytes: 2 ** 20,
    diskBytes: 0,
    count() {},
    troubled: (error) => expect.unreachable(String(error)),
  });
  const images = {
    render: async ({ findAiPicture }: Parameters<RenderNeeds["images"]["render"]>[0]) => ({
      data: Buffer.from((await findAiPicture?.({} as never, {} as never)) ?? []),
      contentType: "image/png",
      width: 1,
    }),
  };
  const needs = { derived, images, blobs: {}, database: {} } as unknown as RenderNeeds;
  const recipe: Recipe = {
    key: "0123456789abcdef0123456789abcdef",
    transformation: { ...readTransformation(parseTransformation("w-1")), still: false },
    context: { accepted: { webp: false, avif: false }, settings: defaultDelivery, hints: {}, area: undefined },
    layers: [],
    usesWidth: false,
    vary: [],
  };
  const version = { blob_id: "b", storage_key: "s", size: 1, pages: null };
  const looking = Promise.withResolvers<AbortSignal>();
  const found = Promise.withResolvers<Buffer>();
  const [first, second] = [new AbortController(), new AbortController()];
  const get = ({ signal }: AbortController) =>
    renderPicture(needs, version, recipe, signal, undefined, (alone) => async () => {
      looking.resolve(alone);
      return found.promise;
    });
  const begun = get(first);
  const joined = get(second);
  const alone = await looking.promise;
  first.abort(new Error("gone"));
  await expect(begun).rejects.toThrow("gone");
  expect(alone.aborted).toBe(false);
  found.resolve(Buffer.from("made"));
  expect((await joined).data.toString()).toBe("made");
});
