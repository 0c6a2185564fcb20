import { setTimeout as sleep } from "node:timers/promises";
import type { VideoMeasurement } from "./measurement.ts";
import { plainEncode } from "./plain-encode.ts";
import { store, type VideoBench, withServer } from "./server.ts";
import type { VideoSubject } from "./subjects.ts";
import { watchCores, watchOthers } from "./watch-cores.ts";

/** The transformation whose cost is compared. */
const transformation = "h-720";
const pollMs = 1000;
const none = { latencies: {}, meanwhile: { stills: 0, refused: 0 } } as const;

/** Has the short clip encoded: by a server, or by a plain command where the subject is no server. */
export async function measureEncode(bench: VideoBench, subject: VideoSubject): Promise<VideoMeasurement> {
  if (subject.ffmpeg === undefined) return measurePlain(bench);
  return withServer(bench, subject, [], async (server) => {
    const clip = await store(server, bench.clips.short.path, "short.mp4");
    // The first encode loads what later ones find loaded.
    await takeVideo(`${clip}?tr=${transformation},du-1`, server.signal);
    const [, usage] = await watchCores(server, () => takeVideo(`${clip}?tr=${transformation}`, server.signal));
    return { ...usage, ...none };
  });
}

async function measurePlain({ clips, folder, serverCore, clientCore, signal }: VideoBench): Promise<VideoMeasurement> {
  const cores = [...new Set([serverCore, clientCore])];
  const watch = watchOthers(cores);
  const cpu = await plainEncode(clips.short, transformation, { folder, cores, signal });
  return { cpu, ...watch(cpu), memory: { before: 0, peak: 0 }, ...none };
}

/** Asks until the video is there. Until then each answer, which the server keeps waiting, leads to the original. */
export async function takeVideo(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(url, { redirect: "manual", signal });
    await answer.arrayBuffer();
    if (answer.status === 200) return;
    if (answer.status !== 302)
      throw new Error(`${url} was answered ${answer.status} ${answer.headers.get("ik-error")}`);
    await sleep(pollMs, undefined, { signal });
  }
}

/** Waits until the encode, which somebody else has asked for, runs or has ended. */
export async function encodeBegun(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const { status, headers } = await fetch(url, { method: "HEAD", redirect: "manual", signal });
    if (status === 200 || headers.has("x-sluice-progress")) return;
    await sleep(pollMs, undefined, { signal });
  }
}
