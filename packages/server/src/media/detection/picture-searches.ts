import { BoundedQueue, type BoundedQueueOptions } from "../../concurrency/bounded-queue.ts";
import type { Party } from "../../concurrency/fair-line.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import { inStage } from "../../observability/request-stages.ts";
import type { ImageSource } from "../image/image-source.ts";
import { type ChosenPage, chosenPageKey } from "../image/plan/chosen-page.ts";
import type { Detection, FoundThing } from "../image/plan/found-things.ts";
import { ownContext } from "../image/plan/own-context.ts";
import type { ImageTransformation } from "../image/plan/plan.ts";
import { refuseBusy } from "../image/refuse-busy.ts";
import { MediaError } from "../media-error.ts";
import { type Detector, detectorMissing } from "./detector.ts";
import { searches } from "./searches.ts";

/** A picture to search. The page or the layers that are chosen count, as they do for a rendering. */
export interface DetectRequest extends ChosenPage {
  readonly source: ImageSource;
  /** The same for the same bytes, and for no others. Equal searches of the same bytes are made once. */
  readonly content: string;
  readonly detection: Detection;
  readonly signal: AbortSignal;
  readonly party?: Party;
}

interface SmallPictureRequest extends Pick<DetectRequest, "source" | "signal" | "party"> {
  readonly transformation: ImageTransformation;
  readonly context: typeof ownContext;
  readonly key: string;
}

export interface PictureSearchesOptions extends Pick<BoundedQueueOptions, "queueLimit" | "waitMs"> {
  /** Renders the small pictures that models take, within the limits of all renderings. */
  readonly render: (request: SmallPictureRequest) => Promise<{ readonly data: Uint8Array }>;
  readonly detector: Detector | undefined;
}

/** Searches pictures by models, one at a time. Parties take turns, and a bounded number of searches waits. */
export class PictureSearches {
  readonly #options: PictureSearchesOptions;
  readonly #line: BoundedQueue;
  readonly #shared = new ShareWork<readonly FoundThing[]>();

  constructor(options: PictureSearchesOptions) {
    this.#options = options;
    this.#line = new BoundedQueue({ concurrency: 1, ...options });
  }

  /**
   * @throws MediaError EDETECTOR where the models are not installed; what a rendering throws; the models' own errors
   */
  async detect({
    source,
    content,
    detection,
    signal,
    party,
    ...chosen
  }: DetectRequest): Promise<readonly FoundThing[]> {
    const { detector, render } = this.#options;
    if (!detector?.installed) throw new MediaError("EDETECTOR", detectorMissing);
    const { transformation, find } = searches[detection];
    const key = `${detection} ${chosenPageKey(chosen)} ${content}`;
    const asked = { ...transformation, page: chosen.page, layers: chosen.layers };
    const search = async (alone: AbortSignal): Promise<readonly FoundThing[]> => {
      const request = { source, transformation: asked, context: ownContext, key, signal: alone };
      const { data } = await render(party === undefined ? request : { ...request, party });
      const look = (stop: AbortSignal) => find(detector, data, stop);
      return inStage("render", () => this.#line.run(look, alone, party).catch(refuseBusy));
    };
    return this.#shared.run(key, search, signal);
  }

  /** Refuses the searches that wait, and waits for the one that runs. */
  async close(): Promise<void> {
    await this.#line.close();
  }
}
