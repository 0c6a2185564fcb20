import { openAsBlob } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DeliveryBench } from "../delivery/measure.ts";
import { startServer } from "../process/start-server.ts";
import { keys, type LaunchOptions, subjects } from "../subjects.ts";
import type { Clips } from "./clips.ts";
import type { VideoSubject } from "./subjects.ts";

export interface VideoBench extends DeliveryBench {
  readonly clips: Clips;
}

export interface VideoServer {
  readonly pid: number;
  readonly port: number;
  /** The cores of the server and of its processes. The client runs on one of them as well. */
  readonly cores: readonly number[];
  readonly signal: AbortSignal;
}

/** The longest time for one run, whatever happens. */
const runMs = 300_000;
const maxFileBytes = 64 * 1024 * 1024;
const maxVideoBytes = 1024 ** 3;

/** Starts Sluice on an empty folder, and ends it when the work is done. @param settings further options of `serve` */
export async function withServer<Result>(
  bench: VideoBench,
  { title, ffmpeg = "off" }: VideoSubject,
  settings: readonly string[],
  work: (server: VideoServer) => Promise<Result>,
): Promise<Result> {
  const { serverCore, clientCore, threads, fromSources, nodeOptions } = bench;
  const signal = AbortSignal.any([bench.signal, AbortSignal.timeout(runMs)]);
  const folder = await mkdtemp(join(bench.folder, "run-"));
  const command = (options: LaunchOptions): string[] => [
    ...[...subjects.sluice.command(options), "--max-video-size", String(maxVideoBytes)],
    ...["--ffmpeg", ffmpeg, ...settings],
  ];
  const cores = [...new Set([serverCore, clientCore])];
  try {
    const options = { threads, fromSources, nodeOptions, folder, dataDir: join(folder, "data"), maxFileBytes, signal };
    const more = { cores, engines: {}, environment: {}, peers: undefined };
    const server = await startServer({ title, command }, { ...options, ...more });
    const { pid, port } = server;
    const result = await work({ pid, port, cores, signal }).catch(async (error: unknown) => {
      await server.stop().catch(() => undefined);
      throw new Error(`${title}: no result. Its last words:\n${server.lastErrors()}`, { cause: error });
    });
    await server.stop();
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Uploads a file. @returns its URL */
export async function store({ port, signal }: VideoServer, path: string, fileName: string): Promise<string> {
  const form = new FormData();
  form.set("file", await openAsBlob(path), fileName);
  form.set("fileName", fileName);
  const authorization = `Basic ${Buffer.from(`${keys.privateKey}:`).toString("base64")}`;
  const origin = `http://127.0.0.1:${port}`;
  const upload = { method: "POST", headers: { authorization }, body: form, signal };
  const answer = await fetch(`${origin}/api/v2/files/upload`, upload);
  if (answer.status !== 200) throw new Error(`${fileName} was answered ${answer.status}: ${await answer.text()}`);
  const { url } = (await answer.json()) as { readonly url: string };
  return `${origin}${new URL(url).pathname}`;
}
