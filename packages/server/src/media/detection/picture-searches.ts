import type { Party } from "../../concurrency/fair-line.ts";
import { ShareWork } from "../../concurrency/share-work.ts";
import { inStage } from "../../observability/request-stages.ts";
import type { ImageSource } from "../image/image-source.ts";
import { tooLate } from "../image/pixels/work.ts";
import { WorkClock } from "../image/pixels/work-clock.ts";
import { type ChosenPage, chosenPageKey } from "../image/plan/chosen-page.ts";
import type { Detection, FoundThing } from "../image/plan/found-things.ts";
import { ownContext } from "../image/plan/own-context.ts";
import type { WrittenTransformation } from "../image/plan/read-transformation.ts";
import { MediaError } from "../media-error.ts";
import type { MediaProcesses } from "../processes/media-processes.ts";
import { detectorMissing } from "./installed.ts";
import { searchedPictures } from "./searches.ts";

/** A picture to search. The page or the layers that are chosen count, as they do for a rendering. */
export interface DetectRequest extends ChosenPage {
  readonly source: ImageSource;
  /** The same for the same bytes, and for no others. Equal searches of the same bytes are made once. */
  readonly content: string;
  readonly detection: Detection;
  /** The time that was spent on the rendering for which the picture is searched. The search adds its own. */
  readonly clock: WorkClock;
  /**
   * Called when that rendering's time is up. The search itself goes on: others may wait for it too, and what it finds can
   * be kept.
   */
  readonly onLate: (error: MediaError) => void;
  readonly signal: AbortSignal;
  readonly party?: Party;
}

interface SmallPictureRequest extends Pick<DetectRequest, "source" | "signal" | "party"> {
  readonly transformation: WrittenTransformation;
  readonly context: typeof ownContext;
  readonly key: string;
  readonly clock: WorkClock;
}

export interface PictureSearchesOptions {
  /** Renders the small pictures that models take, within the limits of all renderings. */
  readonly render: (request: SmallPictureRequest) => Promise<{ readonly data: Uint8Array }>;
  /** The processes with the models; undefined where the models aren't installed. */
  readonly processes: Pick<MediaProcesses, "run"> | undefined;
  /** The time that a rendering may take with all of its searches, in milliseconds. */
  readonly maxMs: number;
}

/** Searches pictures by models. Equal searches at the same time are one. */
export class PictureSearches {
  readonly #options: PictureSearchesOptions;
  readonly #shared = new ShareWork<readonly FoundThing[]>();
  /** The clocks of the searches that are under way. Each request counts the time of the search for which it waits. */
  readonly #clocks = new Map<string, WorkClock>();

  constructor(options: PictureSearchesOptions) {
    this.#options = options;
  }

  /**
   * @throws MediaError EDETECTOR where the models are not installed; ETIME where no time is left to begin; what a
   * rendering throws; the models' own errors
   */
  async detect({
    source,
    content,
    detection,
    clock,
    onLate,
    signal,
    party,
    ...chosen
  }: DetectRequest): Promise<readonly FoundThing[]> {
    const { processes, render, maxMs } = this.#options;
    if (processes === undefined) throw new MediaError("EDETECTOR", detectorMissing);
    const left = maxMs - clock.ms;
    if (left <= 0) throw tooLate();
    const key = `${detection} ${chosenPageKey(chosen)} ${content}`;
    const asked = { ...searchedPictures[detection], page: chosen.page, layers: chosen.layers };
    const search = async (alone: AbortSignal): Promise<readonly FoundThing[]> => {
      const searching = new WorkClock();
      this.#clocks.set(key, searching);
      try {
        const request = { source, transformation: asked, context: ownContext, key, clock: searching, signal: alone };
        const { data } = await render(party === undefined ? request : { ...request, party });
        const options = { signal: alone, party, clock: searching };
        return await inStage("render", () => processes.run(detection, async () => ({ picture: data }), options));
      } finally {
        if (this.#clocks.get(key) === searching) this.#clocks.delete(key);
      }
    };
    const found = this.#shared.run(key, search, signal);
    // A search without a clock has just ended, and takes no more time.
    const searching = this.#clocks.get(key) ?? new WorkClock();
    const before = searching.ms;
    const endWatch = searching.watch(left, () => onLate(tooLate()));
    try {
      return await found;
    } finally {
      endWatch();
      clock.add(searching.ms - before);
    }
  }
}
