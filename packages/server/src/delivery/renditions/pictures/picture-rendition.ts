import type { IncomingHttpHeaders } from "node:http";
import { type DeliverySwitches, imageSettings } from "../../../accounts/delivery-switches.ts";
import type { ImageSource } from "../../../media/image/image-source.ts";
import type { AiEffect } from "../../../media/image/plan/ai-effects.ts";
import type { DeliverySettings, OutputParameters } from "../../../media/image/plan/choose-output.ts";
import { asksModels } from "../../../media/image/plan/layer-steps.ts";
import { readTransformation } from "../../../media/image/plan/read-transformation.ts";
import { isDocument, sourceFormatOf } from "../../../media/image/plan/source-facts.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { contentDpr } from "../../headers/client-hints.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import { refusing } from "../../url/requested-rendition.ts";
import type { MadeBytes } from "../kept/kept-rendition.ts";
import type { RenditionCache } from "../kept/rendition-cache.ts";
import { askedLater } from "../later/later-job.ts";
import type { LaterRenditions } from "../later/later-renditions.ts";
import type { Asked, Rendition } from "../rendition.ts";
import {
  hasStill,
  type StillDeps,
  stillChoice,
  stillKey,
  stillSource,
  stillType,
  withoutTimes,
} from "../stills/still-source.ts";
import { refusingVideo } from "../videos/makes-video.ts";
import { makesPicture, staysDrawing } from "./makes-picture.ts";
import { aiPictureKind } from "./models/job-kinds.ts";
import { type LookUpDeps, lookUpAi } from "./models/look-up-ai.ts";
import { recipeOf } from "./recipe.ts";
import { layerSources, type RenderDeps, renderPicture, storedSource } from "./render-picture.ts";

/** The highest quality for clients that ask to save data (docs/protocol/delivery.md §9.4). */
const savingQuality = 50;

/** The settings with which an image is rendered for this request, and the request headers on which they depend. */
function settingsFor(
  { switches, requestHeaders }: { readonly switches: DeliverySwitches; readonly requestHeaders: IncomingHttpHeaders },
  { quality }: Pick<OutputParameters, "quality">,
): { readonly settings: DeliverySettings; readonly vary: readonly string[] } {
  const settings = imageSettings(switches);
  if (!switches.dataSaver || quality !== undefined) return { settings, vary: [] };
  const saves = String(requestHeaders["save-data"]).trim().toLowerCase() === "on";
  return {
    settings: saves ? { ...settings, quality: Math.min(settings.quality, savingQuality) } : settings,
    vary: ["Save-Data"],
  };
}

export interface PictureDeps extends RenderDeps, Pick<StillDeps, "videos"> {
  readonly blobs: Pick<BlobStore, "read" | "readWhole" | "localPath">;
  readonly derived: Pick<RenditionCache, "find" | "get">;
  readonly ai: {
    /** The effects that have a provider. */
    readonly effects: ReadonlySet<AiEffect>;
  };
  readonly later: Pick<LaterRenditions, "forget">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

interface PictureRendition extends Rendition {
  /** Renders for a job alone, which looks up models' pictures in its own way. */
  readonly render: (models: LookUpDeps, signal: AbortSignal) => Promise<MadeBytes>;
}

/**
 * Makes pictures: renditions of images, thumbnails of documents, and those of videos and sounds, from a still.
 * @returns undefined for files that aren't images, for drawings that stay drawings, and where the URL or the account's
 * rule for plain URLs asks for the file itself
 * @throws DeliveryRefusal TRANSFORMATION_INVALID, AI_UNSIGNED
 */
export function pictureRendition(deps: PictureDeps, asked: Asked): PictureRendition | undefined {
  const { rendition, layers, switches, signed, variation, party } = asked;
  if (!makesPicture(asked.version, rendition)) return undefined;
  const isTimed = hasStill(asked.version);
  const version = isTimed ? { ...asked.version, mime: stillType } : asked.version;
  if (rendition.kind === "plain" && !makesPlain(asked)) return undefined;
  const written = isTimed ? withoutTimes(rendition.transformation) : rendition.transformation;
  const read = refusing(() => readTransformation(written, deps.ai.effects));
  if (staysDrawing(version, read)) return undefined;
  const choice = isTimed ? refusingVideo(() => stillChoice(version, rendition.transformation)) : undefined;
  const requestHeaders = asksModels(read.steps) ? refuseUnsignedModels(asked) : asked.requestHeaders;
  const { settings, vary } = settingsFor({ switches, requestHeaders }, read.output);
  const recipe = recipeOf({ version, rendition, read, layers, requestHeaders, settings, variation });
  const { key, context, usesWidth } = recipe;
  const { derived, later, now } = deps;
  const shared: LookUpDeps = {
    find: (one, signal) => derived.find(one, signal),
    now,
    resolved: (one) => later.forget(one),
  };
  // What is found in a still is not recorded, as its bytes aren't those of the file.
  const content = choice === undefined ? version.blob_id : stillKey(version, choice);
  const sourceOf = async (signal: AbortSignal): Promise<ImageSource> =>
    choice !== undefined ? stillSource(deps, version, choice, party, signal) : storedSource(deps.blobs, version);
  const render = async (models: LookUpDeps, signal: AbortSignal, sharedKey?: string): Promise<MadeBytes> => {
    const picture = {
      picture: { source: await sourceOf(signal), content },
      layers: layerSources(deps.blobs, recipe.layers),
      transformation: recipe.transformation,
      context,
      party,
      ...(!isTimed && { file: version.blob_id }),
      findAiPicture: lookUpAi(models, version, variation, signal),
      ...(sharedKey !== undefined && { key: sharedKey }),
    };
    return renderPicture(deps, picture, signal);
  };
  return {
    key,
    vary: [...recipe.vary, ...vary],
    make: (signal) => render(shared, signal, key),
    render: (models, signal) => render(models, signal),
    later: { kind: aiPictureKind.name, input: askedLater(version, rendition, context.hints, variation, signed) },
    describe({ width }) {
      const density = usesWidth ? contentDpr(context.hints, width) : undefined;
      return density === undefined ? {} : { "content-dpr": density };
    },
    // The plain URL of an image that can't be read delivers the file itself (docs/protocol/transformations.md §9).
    storedInstead: (outcome) =>
      rendition.kind === "plain" && outcome instanceof DeliveryRefusal && outcome.reason === "IMAGE_UNREADABLE"
        ? { mime: version.mime, tag: "" }
        : undefined,
  };
}

/**
 * Whether a plain URL delivers a rendered image. Only images that can be read are rendered; all other files are
 * delivered as they are (docs/protocol/delivery.md §15.19, §15.20). So are documents, which people open in the program
 * that made them.
 */
function makesPlain({ version, switches }: Pick<Asked, "version" | "switches">): boolean {
  const format = sourceFormatOf(version.mime);
  return switches.plainImages === "optimised" && format !== undefined && !isDocument(format);
}

/**
 * Refuses work that may cost the operator money to visitors who could write any URL. A signature shows that the account
 * wants the picture, and so does one name that the account has defined (docs/ai-effects.md). Of names in a row, visitors
 * could make any number of pictures.
 * @returns the request's headers, without the hints by which whoever didn't sign could get any number of pictures, too
 * @throws DeliveryRefusal AI_UNSIGNED
 */
function refuseUnsignedModels({ models, requestHeaders }: Pick<Asked, "models" | "requestHeaders">) {
  if (models === "any") return requestHeaders;
  if (models === "none") throw new DeliveryRefusal("AI_UNSIGNED");
  const { "sec-ch-width": _width, "sec-ch-dpr": _dpr, ...others } = requestHeaders;
  return others;
}
