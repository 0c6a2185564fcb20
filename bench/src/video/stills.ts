import type { Clip } from "./clips.ts";
import type { VideoMeasurement } from "./measurement.ts";
import type { VideoScenario } from "./scenarios.ts";
import { store, type VideoBench, withServer } from "./server.ts";
import type { VideoSubject } from "./subjects.ts";
import { watchCores } from "./watch-cores.ts";

const accepts: readonly number[] = [200];

/** Asks for stills of the long clip, one after another. */
export async function measureStills(
  bench: VideoBench,
  subject: VideoSubject,
  { count }: VideoScenario,
): Promise<VideoMeasurement> {
  return withServer(bench, subject, [], async (server) => {
    const { long } = bench.clips;
    const urls = stillUrls(await store(server, long.path, "long.mp4"), long);
    // The first one loads what later ones find loaded.
    await takeStill(urls.next().value, accepts, server.signal);
    const still: number[] = [];
    const [, usage] = await watchCores(server, async () => {
      while (still.length < count) {
        const began = performance.now();
        await takeStill(urls.next().value, accepts, server.signal);
        still.push(performance.now() - began);
      }
    });
    return { ...usage, latencies: { still }, meanwhile: { stills: 0, refused: 0 } };
  });
}

/** The URLs of stills that are spread over the whole video. No two of them are of the same time. */
export function* stillUrls(video: string, { seconds }: Clip): Generator<string, never> {
  // Multiples of the golden section never come close to each other.
  const share = (Math.sqrt(5) - 1) / 2;
  for (let asked = 1; ; asked += 1) {
    const at = (0.01 + 0.98 * ((asked * share) % 1)) * seconds;
    yield `${video}/ik-thumbnail.jpg?tr=so-${at.toFixed(3)},w-400`;
  }
}

/** @returns the status, which is one of those that are accepted */
export async function takeStill(url: string, accepts: readonly number[], signal: AbortSignal): Promise<number> {
  const answer = await fetch(url, { signal });
  const { byteLength } = await answer.arrayBuffer();
  if (!accepts.includes(answer.status) || byteLength === 0) {
    throw new Error(`${url} was answered ${answer.status} ${answer.headers.get("ik-error") ?? ""}`);
  }
  return answer.status;
}
