import type { Clip } from "./clips.ts";
import { encodeBegun, takeVideo } from "./encode.ts";
import type { Meanwhile } from "./measurement.ts";
import { stillUrls, takeStill } from "./stills.ts";

const stillsAtOnce = 40;
const encodesAtOnce = 2;
const refusedAsBusy = 503;
const accepts = [200, refusedAsBusy];

export interface Busy {
  /** Counts what is answered from now on. */
  restartCounts(): void;
  /** Asks for no more, and waits for the stills that are under way. @throws what went wrong meanwhile */
  stop(): Promise<Meanwhile>;
}

/** Keeps forty stills and two encodes of a video under way all along. Returns when the encodes have begun. */
export async function keepBusy(video: string, clip: Clip, signal: AbortSignal): Promise<Busy> {
  const enough = new AbortController();
  const until = AbortSignal.any([signal, enough.signal]);
  let counts = { stills: 0, refused: 0 };
  const urls = stillUrls(video, clip);
  const askForStills = async (): Promise<void> => {
    while (!enough.signal.aborted) {
      const status = await takeStill(urls.next().value, accepts, signal);
      counts[status === refusedAsBusy ? "refused" : "stills"] += 1;
    }
  };
  /** No two encodes are of the same height. */
  const encodeUrl = (line: number, round: number): string =>
    `${video}?tr=h-${720 - 2 * (line + encodesAtOnce * round)}`;
  const askForEncodes = async (line: number): Promise<void> => {
    try {
      for (let round = 0; ; round += 1) await takeVideo(encodeUrl(line, round), until);
    } catch (error) {
      if (!enough.signal.aborted) throw error;
    }
  };
  const lines = Array.from({ length: encodesAtOnce }, (_, line) => line);
  const all = Promise.all([...Array.from({ length: stillsAtOnce }, askForStills), ...lines.map(askForEncodes)]);
  all.catch(() => undefined);
  await Promise.race([all, Promise.all(lines.map((line) => encodeBegun(encodeUrl(line, 0), until)))]);
  return {
    restartCounts() {
      counts = { stills: 0, refused: 0 };
    },
    async stop() {
      const meanwhile = { ...counts };
      enough.abort();
      await all;
      return meanwhile;
    },
  };
}
