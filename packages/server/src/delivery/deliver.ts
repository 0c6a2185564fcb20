import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { isGuarded } from "../accounts/perimeter.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { validityOf } from "./answer-validity.ts";
import type { AnswerDeps } from "./answers/deps.ts";
import { answerRendition } from "./answers/rendition-answer.ts";
import { answerStored } from "./answers/stored.ts";
import type { Answer, CacheOutcome, Delivery, DeliveryRequest } from "./delivery.ts";
import { findTrashedThumbnail, type TrashedThumbnailRequest } from "./delivery-of-version.ts";
import type { DeliveryDeps } from "./deps.ts";
import { type Entered, enter } from "./find/enter.ts";
import type { OutsideFile } from "./find/find-at-origins.ts";
import { openPreview, type PreviewRequest } from "./links/previews.ts";
import { outsideTurns } from "./origins/outside-turns.ts";
import { DeliveryRefusal, withoutCaching } from "./refusals/refusal.ts";
import type { KeptRendition, MadeRendition } from "./renditions/kept/kept-rendition.ts";
import type { RenditionCache } from "./renditions/kept/rendition-cache.ts";
import { makesPicture } from "./renditions/pictures/makes-picture.ts";
import type { Asked } from "./renditions/rendition.ts";
import { renditionOf } from "./renditions/rendition-of.ts";
import { makesSprite } from "./renditions/sprites/makes-sprite.ts";
import { makesVideo } from "./renditions/videos/makes-video.ts";
import { resolveDelivery } from "./resolve.ts";
import type { RequestedRendition } from "./url/requested-rendition.ts";

/**
 * Refuses what can't be rendered: a playlist, a video of a file that doesn't move, a sprite of a file that isn't a video,
 * and a thumbnail of a file that is neither an image nor a video nor a PDF. Other transformations leave a file that isn't
 * an image as it is (docs/protocol/delivery.md §14).
 * @throws DeliveryRefusal VIDEO_TRANSFORMATION, NOT_FOUND
 */
function refuseUnavailable(version: Pick<DeliverableRow, "kind" | "mime">, rendition: RequestedRendition): void {
  if (rendition.kind === "original" || rendition.kind === "plain") return;
  const { thumbnail, asVideo, sprite, playlist } = rendition;
  if (makesSprite(version, rendition)) return;
  if (playlist || (asVideo && !makesVideo(version, rendition) && !thumbnail && sprite === undefined))
    throw new DeliveryRefusal("VIDEO_TRANSFORMATION");
  if (makesPicture(version, rendition)) return;
  if (thumbnail || sprite !== undefined) throw new DeliveryRefusal("NOT_FOUND");
}

/** Describes what a URL asks to be made. Only whoever may write any URL may have anything made by models. */
function askedBy({ unsigned }: Pick<AnswerDeps["ai"], "unsigned">, delivery: Delivery): Asked {
  const { signed, oneName, url } = delivery;
  const isFree = signed || unsigned;
  return {
    ...delivery,
    models: isFree ? "any" : oneName ? "one-name" : "none",
    variation: isFree && url.others !== "" ? createHash("sha256").update(url.others).digest("hex") : undefined,
    query: url.query,
    sanitizes: url.sanitizeSvg,
  };
}

/** The derived image cache as one answer uses it: it remembers whether anything had to be made for the answer. */
class CacheUse {
  readonly #derived: Pick<RenditionCache, "get" | "find">;
  #outcome: CacheOutcome | undefined;

  constructor(derived: Pick<RenditionCache, "get" | "find">) {
    this.#derived = derived;
  }

  /** Returns undefined where the answer needed no derived file. */
  get outcome(): CacheOutcome | undefined {
    return this.#outcome;
  }

  get(key: string, make: (signal: AbortSignal) => Promise<MadeRendition>, signal: AbortSignal): Promise<KeptRendition> {
    this.#outcome ??= "hit";
    const noted = (alone: AbortSignal): Promise<MadeRendition> => {
      this.#outcome = "miss";
      return make(alone);
    };
    return this.#derived.get(key, noted, signal);
  }

  /** Looks for a part of what the answer needs. Whether it is there makes no hit and no miss. */
  find(key: string, signal: AbortSignal): Promise<KeptRendition | undefined> {
    return this.#derived.find(key, signal);
  }
}

/**
 * Answers the request for a delivery URL.
 * @throws DeliveryRefusal, and the errors of database, store and image engine
 */
export async function deliver(deps: DeliveryDeps, request: DeliveryRequest, signal: AbortSignal): Promise<Answer> {
  const entered = await enter(deps, request);
  const answering = answerEntered(deps, request, entered, signal);
  // A shared cache would repeat the refusal to clients outside of the perimeter.
  return isGuarded(entered.switches) ? withoutCaching(answering) : answering;
}

/** Answers what the link of a preview opens. @throws as `deliver` does */
export async function deliverPreview(
  deps: DeliveryDeps,
  request: PreviewRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const answering = openPreview(deps, request).then((delivery) => answerDelivery(deps, delivery, signal));
  return withoutCaching(answering);
}

/**
 * Answers with the thumbnail of a file in the trash, and never with the stored file. No cache keeps the answer, since the
 * file may be deleted for good.
 * @throws as `deliver` does
 */
export async function deliverTrashedThumbnail(
  deps: DeliveryDeps,
  request: TrashedThumbnailRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const answer = await answerDelivery(deps, await findTrashedThumbnail(deps, request), signal);
  // A drawing that can't be cleaned is delivered as the text that it is.
  if (answer.stored !== undefined) throw new DeliveryRefusal("NOT_FOUND");
  return { ...answer, headers: { ...answer.headers, "cache-control": "private, no-store" } };
}

async function answerEntered(
  deps: DeliveryDeps,
  request: DeliveryRequest,
  entered: Entered,
  signal: AbortSignal,
): Promise<Answer> {
  const { outside, ownNames, delivery } = await resolveDelivery(deps, request, entered, signal);
  if (outside !== undefined) return answerOutside(deps, delivery, outside, signal);
  const answer = await answerDelivery(deps, delivery, signal);
  // An account may change what its own named transformations stand for, so an answer with such names isn't remembered.
  const validity = ownNames ? undefined : validityOf(entered.account, delivery, answer);
  return validity === undefined ? answer : { ...answer, validity };
}

/**
 * Answers with a file of an origin, by the rules of files in the library. The answer is not remembered, and it isn't the
 * stored file of any version.
 */
async function answerOutside(
  deps: AnswerDeps,
  delivery: Delivery,
  file: OutsideFile,
  signal: AbortSignal,
): Promise<Answer> {
  // A job finds its video in the library.
  const { version, rendition } = delivery;
  if (makesVideo(version, rendition) || makesSprite(version, rendition)) throw new DeliveryRefusal("VIDEO_OUTSIDE");
  let held: Uint8Array | undefined;
  const blobs: AnswerDeps["blobs"] = {
    redirect: undefined,
    size: async () => file.version.size,
    read: async (key, range, opened = signal) => {
      // The files that layers draw are in the library.
      if (key !== file.version.storage_key) return deps.blobs.read(key, range, opened);
      held = await file.open(opened);
      return Readable.from([range ? held.subarray(range.start, range.end + 1) : held]);
    },
  };
  const parts = { ...deps, ...outsideTurns(deps, file), blobs, ai: noModels };
  const { stored, ...answer } = await answerDelivery(parts, delivery, signal);
  const { canonicalUrl } = file;
  const link: Record<string, string> = canonicalUrl === undefined ? {} : { link: `<${canonicalUrl}>; rel="canonical"` };
  const described = { ...answer, headers: { ...answer.headers, ...link } };
  if (stored === undefined || typeof answer.body !== "function" || delivery.method === "HEAD") return described;
  // The whole file is in memory until the client has its part of it.
  const [part]: Uint8Array[] = await (await answer.body(signal)).toArray();
  return { ...described, ...(part && { body: part }), ...(held && { held }) };
}

/** A job finds its picture in the library, so files of origins have no effects of models. */
const noModels: AnswerDeps["ai"] = { effects: new Set(), unsigned: false };

/** Answers with what is made from the version, or with the version as it is stored. */
async function answerDelivery(deps: AnswerDeps, delivery: Delivery, signal: AbortSignal): Promise<Answer> {
  refuseUnavailable(delivery.version, delivery.rendition);
  const use = new CacheUse(deps.derived);
  const parts = { ...deps, derived: use };
  const rendition = renditionOf(parts, askedBy(deps.ai, delivery));
  const answer =
    rendition === undefined
      ? await answerStored(parts, delivery, signal)
      : await answerRendition(parts, delivery, rendition, signal);
  return use.outcome === undefined ? answer : { ...answer, cache: use.outcome };
}
