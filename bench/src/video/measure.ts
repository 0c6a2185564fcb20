import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processCpu, processFamily } from "../process/procfs.ts";
import { type StartedServer, startServer } from "../process/start-server.ts";
import { keys, subjects } from "../subjects.ts";
import type { Clips } from "./clips.ts";

/** The engines, as `--ffmpeg` names them. */
export const engines = { auto: "the system's FFmpeg", embedded: "`@sluice/video`" } as const;
export type Engine = keyof typeof engines;

export interface VideoRun {
  /** The milliseconds of each still. */
  readonly stills: readonly number[];
  /** The processor seconds of the server and all its processes for 720p of the short clip. */
  readonly encodeCpu: number;
}

export interface VideoBench {
  readonly folder: string;
  readonly clips: Clips;
  readonly longSeconds: number;
  readonly positions: number;
  readonly fromSources: boolean;
  readonly signal: AbortSignal;
}

/** Measures stills and an encode of one engine, on a server of its own. */
export async function measureVideo(engine: Engine, bench: VideoBench): Promise<VideoRun> {
  const { clips, fromSources, signal } = bench;
  const folder = await mkdtemp(join(bench.folder, "run-"));
  let server: StartedServer | undefined;
  try {
    const command: typeof subjects.sluice.command = (options) => [
      ...subjects.sluice.command(options),
      ...["--ffmpeg", engine],
    ];
    server = await startServer(
      { title: `Sluice with ${engines[engine]}`, command },
      {
        ...{ dataDir: join(folder, "data"), maxFileBytes: 1024 ** 3, fromSources, engines: {}, peers: undefined },
        ...{ cores: [0, 1], environment: {}, threads: 4, folder, nodeOptions: [], signal },
      },
    );
    const long = await upload(server.port, clips.long, signal);
    const short = await upload(server.port, clips.short, signal);
    const stills = await timeStills(long, bench);
    const before = processCpu(processFamily(server.pid));
    await encode(`${short}?tr=h-720`, signal);
    return { stills, encodeCpu: processCpu(processFamily(server.pid)) - before };
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns the URL of the file */
async function upload(port: number, path: string, signal: AbortSignal): Promise<string> {
  const form = new FormData();
  form.set("file", await openAsBlob(path), "clip.mp4");
  form.set("fileName", "clip.mp4");
  const authorization = `Basic ${Buffer.from(`${keys.privateKey}:`).toString("base64")}`;
  const address = `http://127.0.0.1:${port}/api/v2/files/upload`;
  const answer = await fetch(address, { method: "POST", headers: { authorization }, body: form, signal });
  if (answer.status !== 200) throw new Error(`an upload was answered ${answer.status}: ${await answer.text()}`);
  const { url } = (await answer.json()) as { readonly url: string };
  return `http://127.0.0.1:${port}${new URL(url).pathname}`;
}

/** Asks for stills that are spread over the long clip. No position is asked for twice. */
async function timeStills(video: string, { positions, longSeconds, signal }: VideoBench): Promise<number[]> {
  const times: number[] = [];
  // The first one loads what later ones find loaded.
  for (let asked = 0; asked <= positions; asked++) {
    const at = ((((asked * 0.618) % 1) * 0.98 + 0.01) * longSeconds).toFixed(2);
    const began = performance.now();
    const answer = await fetch(`${video}/ik-thumbnail.jpg?tr=so-${at},w-400`, { signal });
    const { byteLength } = await answer.arrayBuffer();
    if (answer.status !== 200 || byteLength === 0) throw new Error(`a still was answered ${answer.status}`);
    if (asked > 0) times.push(performance.now() - began);
  }
  return times;
}

/** Asks until the video is there: until then each answer leads to the original. */
async function encode(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const answer = await fetch(url, { redirect: "manual", signal });
    await answer.arrayBuffer();
    if (answer.status === 200) return;
    if (answer.status !== 302) throw new Error(`an encode was answered ${answer.status}`);
    await sleep(250, undefined, { signal });
  }
}
