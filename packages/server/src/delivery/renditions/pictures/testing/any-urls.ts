import { layerFilesIn, TransformationError } from "@sluice/grammar";
import fc from "fast-check";
import { expect } from "vitest";
import { defaultDelivery } from "../../../../media/image/plan/choose-output.ts";
import type { ImageTransformation } from "../../../../media/image/plan/plan.ts";
import { readTransformation, readWrittenSteps } from "../../../../media/image/plan/read-transformation.ts";
import type { RenderContext } from "../../../../media/image/render/render-image.ts";
import { MediaError } from "../../../../media/media-error.ts";
import { animation, blue, green, plain, quadrants, red, render } from "../../../../media/testing/pictures.ts";
import type { LayerVersions } from "../../../find/find-layers.ts";
import { acceptedFormats } from "../../../headers/accepted-formats.ts";
import { readClientHints } from "../../../headers/client-hints.ts";
import { DeliveryRefusal } from "../../../refusals/refusal.ts";
import { chooseRendition, readWritten } from "../../../url/requested-rendition.ts";
import { areaOf, type Recipe, recipeOf } from "../recipe.ts";
import { pictureSteps, reversed, textOf } from "./picture-texts.ts";

const files = {
  "photo.jpg": { mime: "image/jpeg", bytes: await quadrants(24, 16).jpeg().toBuffer() },
  "marked.png": { mime: "image/png", bytes: await plain(20, 24, "#123c").png().toBuffer() },
  "logo.png": { mime: "image/png", bytes: await quadrants(9, 7).png().toBuffer() },
  "playing.gif": { mime: "image/gif", bytes: await animation([red, blue, green], 12, 9).gif().toBuffer() },
} as const;

type FileName = keyof typeof files;

function versionOf(name: FileName) {
  const custom_coordinates = name === "logo.png" ? null : "2,1,8,6";
  return { account_id: "account", id: name, purges: 0, mime: files[name].mime, custom_coordinates };
}

const asked = fc.record({
  steps: pictureSteps,
  name: fc.constantFrom<FileName>("photo.jpg", "photo.jpg", "marked.png", "playing.gif"),
  requestHeaders: fc.record(
    {
      accept: fc.constantFrom("image/webp", "image/avif,image/webp", "image/avif"),
      "sec-ch-width": fc.constantFrom("11", "40"),
      "sec-ch-dpr": fc.constantFrom("2", "1.5"),
    },
    { requiredKeys: [] },
  ),
  settings: fc.record({
    bestFormat: fc.boolean(),
    avif: fc.boolean(),
    autoOrient: fc.boolean(),
    stripMetadata: fc.boolean(),
    stripProfile: fc.boolean(),
  }),
});

/**
 * Checks, for pictures' URLs of any kind, that each ends in a picture or in a refusal with a reason; that another order
 * of its parameters has the same key; and that whatever the key leaves out makes no difference to the picture.
 */
export async function checkAnyUrls(parameters: fc.Parameters<unknown>): Promise<void> {
  const property = fc.asyncProperty(asked, async ({ steps, name, requestHeaders, settings: chosen }) => {
    const settings = { ...defaultDelivery, ...chosen };
    const readUrl = (text: string) => {
      const { transformation } = asTransformed(
        chooseRendition(readWritten([{ text, form: "query" }]), () => undefined),
      );
      const read = readTransformation(transformation);
      const rendition = { transformation, thumbnail: false };
      const layers = layersOf(layerFilesIn(transformation).pictures);
      const recipe = recipeOf({ version: versionOf(name), rendition, read, layers, requestHeaders, settings });
      return { transformation, recipe };
    };
    const text = textOf(steps);
    const [one, other] = [text, textOf(reversed(steps))].map((written) => refusalOr(() => readUrl(written)));
    if (one === undefined || one instanceof Error) {
      expect(other, text).toBeInstanceOf(Error);
      return;
    }
    if (other === undefined || other instanceof Error) throw other;
    expect(other.recipe.key, text).toBe(one.recipe.key);

    const { bytes } = files[name];
    const { recipe, transformation } = one;
    const made = await outcomeOf(bytes, recipe.transformation, contextOf(recipe));
    const known = {
      ...contextOf(recipe),
      accepted: { ...acceptedFormats(requestHeaders.accept), ...(!settings.avif && { avif: false }) },
      hints: readClientHints(requestHeaders),
      area: areaOf(versionOf(name)),
      layers: new Map(recipe.layers.map(({ path }) => [path, layerOf(path)])),
    };
    expect(await outcomeOf(bytes, recipe.transformation, known), `in full: ${text}`).toEqual(made);
    const written = await outcomeOf(bytes, readWrittenSteps(transformation), contextOf(recipe));
    // Arithmetic without a result doesn't matter where nobody reads it.
    if (written !== "ETRANSFORMATION") expect(written, `as written: ${text}`).toEqual(made);
  });
  await fc.assert(property, parameters);
}

function asTransformed(rendition: ReturnType<typeof chooseRendition>) {
  if (rendition.kind === "original") throw new Error("No original was asked for");
  return rendition;
}

function refusalOr<Result>(read: () => Result): Result | Error {
  try {
    return read();
  } catch (error) {
    if (error instanceof TransformationError || error instanceof DeliveryRefusal) return error;
    throw error;
  }
}

function layersOf(paths: ReadonlySet<string>): LayerVersions {
  const known = [...paths].filter((path): path is FileName => path in files);
  return new Map(known.map((path) => [path, versionOf(path)])) as unknown as LayerVersions;
}

function layerOf(path: string) {
  const name = path as FileName;
  return { bytes: files[name].bytes, area: areaOf(versionOf(name)) };
}

function contextOf({ context, layers }: Recipe): Partial<RenderContext> {
  const drawn = layers.map(({ path, area }) => [path, { ...layerOf(path), area }] as const);
  return { ...context, layers: new Map(drawn) };
}

/** The picture that was made, or the code of the refusal. */
async function outcomeOf(
  bytes: Buffer,
  transformation: ImageTransformation,
  context: Partial<RenderContext>,
): Promise<unknown> {
  try {
    const { data, width, height, contentType } = await render(bytes, transformation, context);
    return { width, height, contentType, data: data.toString("base64") };
  } catch (error) {
    if (error instanceof MediaError) return error.code;
    throw error;
  }
}
