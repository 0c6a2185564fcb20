import { request } from "node:http";
import { text } from "node:stream/consumers";
import { expect } from "vitest";
import { descendantsOf, isAlive, isOfMedia } from "./processes.ts";
import type { ServerProcess } from "./server.ts";

/** The processes that answer requests for a server started with `--workers`. */
export function workersOf({ process: supervisor }: Pick<ServerProcess, "process">): number[] {
  return descendantsOf(supervisor.pid ?? 0).filter((pid) => !isOfMedia(pid));
}

/** Kills one worker and waits until another has taken its place and the server is whole again. */
export async function replaceWorker(server: ServerProcess, pid: number): Promise<void> {
  const before = workersOf(server);
  process.kill(pid, "SIGKILL");
  await expect.poll(() => isAlive(pid)).toBe(false);
  await expect.poll(() => workersOf(server).length, { timeout: 20_000 }).toBe(before.length);
  await expect
    .poll(async () => processesIn(await metricsOf(server.url)).length, { timeout: 20_000 })
    .toBe(before.length + 1);
}

/** Sends a request on its own connection, which may reach any worker. Rejects when no answer comes within 20 s. */
export async function getAfresh(url: string): Promise<{ readonly status: number; readonly body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const asked = request(url, { agent: false, signal: AbortSignal.timeout(20_000) }, (answer) => {
    text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
  });
  asked.on("error", reject).end();
  return promise;
}

export type Sample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

export interface MeasuredMetrics {
  /** The samples of one name, with their labels. */
  samples(name: string): Sample[];
  /** The sum of all samples that have this name and these labels. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** The metrics that `/metrics` reports. */
export async function metricsOf(url: string): Promise<MeasuredMetrics> {
  const lines = (await getAfresh(`${url}/metrics`)).body.split("\n");
  const samples = (name: string): Sample[] =>
    lines.flatMap((line) => {
      const [, found, labels = "", value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (found !== name) return [];
      const pairs = [...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label = "", text = ""]) => [label, text]);
      return [{ labels: Object.fromEntries(pairs), value: Number(value) }];
    });
  const sum: MeasuredMetrics["sum"] = (name, wanted = {}) =>
    samples(name)
      .filter(({ labels }) => Object.entries(wanted).every(([label, text]) => labels[label] === text))
      .reduce((total, { value }) => total + value, 0);
  return { samples, sum };
}

/** The names of the living processes, the supervisor included. */
export function processesIn(metrics: MeasuredMetrics): string[] {
  const delays = metrics.samples("sluice_event_loop_delay_seconds");
  return [...new Set(delays.map(({ labels }) => labels.process ?? ""))].sort();
}
