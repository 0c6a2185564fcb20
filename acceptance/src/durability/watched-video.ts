import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { runProgram } from "../harness/command.ts";
import { deliver } from "../harness/deliver.ts";

/** What a client that asks for a video again and again has been answered. */
export interface WatchedVideo {
  /** The answers of status 200 with a video, by the digests of their bytes. */
  readonly videos: ReadonlyMap<string, Buffer>;
  /** The statuses of the answers, in the order in which each came first. */
  readonly statuses: ReadonlySet<number>;
  /** The percent that pending answers have told. */
  readonly progress: readonly number[];
  /** The last `ik-error`. */
  error(): string | undefined;
  stop(): void;
}

/** Asks for a video four times a second until it is told to stop. A server that can't be reached is asked again. */
export function watchVideo(url: () => string): WatchedVideo {
  const videos = new Map<string, Buffer>();
  const statuses = new Set<number>();
  const progress: number[] = [];
  let error: string | undefined;
  let isOver = false;
  const ask = async (): Promise<void> => {
    const { status, headers, bytes } = await deliver(url());
    statuses.add(status);
    if (status === 200) videos.set(createHash("sha256").update(bytes).digest("hex"), bytes);
    const told = headers["x-sluice-progress"];
    if (told !== undefined) progress.push(Number(told));
    if (headers["ik-error"] !== undefined) error = String(headers["ik-error"]);
  };
  const watch = async (): Promise<void> => {
    for (; !isOver; await sleep(250)) await ask().catch(() => undefined);
  };
  void watch();
  return {
    videos,
    statuses,
    progress,
    error: () => error,
    stop() {
      isOver = true;
    },
  };
}

/** Expects a video that takes so many seconds, and all of whose pictures and sounds can be decoded. */
export async function expectWholeVideo(video: Buffer, seconds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-watched-"));
  try {
    const path = join(folder, "video");
    await writeFile(path, video);
    const asked = ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path];
    const { stdout } = await runProgram("ffprobe", asked);
    expect(Number(stdout)).toBeCloseTo(seconds, 0);
    const decoding = ["-v", "error", "-xerror", "-i", path, "-f", "null", "-"];
    expect(await runProgram("ffmpeg", decoding, {}, 60_000)).toMatchObject({ code: 0, stderr: "" });
  } finally {
    await rm(folder, { recursive: true });
  }
}
