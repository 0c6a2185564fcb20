import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Cluster } from "./cluster.ts";
import { judge } from "./judgement.ts";
import { startLoad } from "./load.ts";
import type { Presentation } from "./token-upload.ts";

export interface Fault {
  /** The fault's name in the line of figures. */
  readonly name: string;
  /** Causes the fault, and resolves when it is over. */
  readonly happen: () => Promise<void>;
  /** The kinds of refusal that an upload may meet because of the fault. */
  readonly refusals: readonly string[];
  /** The upper bound on an answer's time, in seconds. */
  readonly slowest: number;
  /** The time after the fault by which every node takes uploads and nobody is refused any more, in seconds. */
  readonly recovery: number;
  /**
   * The fault also ends workers that run jobs. Another worker takes such a job over when its lease of a minute is over,
   * which is longer than the wait here.
   */
  readonly endsWorkers?: true;
}

/** The time for which uploads run undisturbed, before and after the fault. */
const quietMs = 3000;

/** Lets the fault happen to nodes under load, and judges the fate of every upload. Prints a line of figures. */
export async function suffer(
  cluster: Cluster,
  fault: Fault,
): Promise<{ readonly refused: number; readonly slowest: number }> {
  const seed = Date.now();
  const load = startLoad({ urls: () => cluster.urls }, seed);
  const nodes = [...cluster.urls.keys()];
  let [beganAt, endedAt, doneBefore] = [0, 0, 0];
  try {
    await sleep(quietMs);
    beganAt = performance.now();
    await fault.happen();
    endedAt = performance.now();
    doneBefore = await jobsDone(cluster);
    const isBack = (node: number): boolean => firstSuccess(load.presentations, node, endedAt) !== undefined;
    await expect.poll(() => nodes.filter(isBack), { timeout: 40_000 }).toEqual(nodes);
    await sleep(quietMs);
  } finally {
    await load.end();
  }
  const during = [...load.presentations];
  const refusals = during.filter(({ kind }) => kind !== "acknowledged" && kind !== "TOKEN_USED");
  const { judgement, presentations: afterwards } = await judge(cluster, load.uploads);
  const fsck = await cluster.fsck();
  // Jobs mostly run at once. A job whose end could not be recorded counts as running until its lease is over.
  if (!fault.endsWorkers) {
    await expect.poll(() => jobsDone(cluster), { timeout: 100_000 }).toBeGreaterThan(doneBefore);
  }
  const recoveredAt = Math.max(
    ...nodes.map((node) => firstSuccess(during, node, endedAt) ?? Number.POSITIVE_INFINITY),
    ...refusals.map((presentation) => presentation.endedAt),
  );
  const acknowledged = during.filter(({ kind }) => kind === "acknowledged");
  const figures = {
    acknowledged: acknowledged.length,
    "of them meanwhile": acknowledged.filter(({ sentAt }) => sentAt > beganAt && sentAt < endedAt).length,
    refused: countKinds(refusals),
    "seconds until recovery": seconds(Math.max(recoveredAt - endedAt, 0)),
    "slowest answer": seconds(Math.max(...during.map((one) => one.endedAt - one.sentAt))),
    downloads: load.reads,
    ...judgement,
    "left for the sweep": fsck.match(/^note: /gm)?.length ?? 0,
  };
  process.stdout.write(`${fault.name}, ${seconds(endedAt - beganAt)} s: ${JSON.stringify(figures).slice(1, -1)}\n`);

  const offences = [...during, ...afterwards].flatMap(({ offence }) => offence ?? []);
  expect(offences, `with the seed ${seed}`).toEqual([]);
  expect(judgement).toEqual({ lost: 0, acceptedTwice: 0, storedThoughRefused: 0, strange: 0 });
  expect(load.reads.wrong).toBe(0);
  expect(fsck).toMatch(/^clean$/m);
  expect(fault.refusals).toEqual(expect.arrayContaining(Object.keys(figures.refused)));
  expect(figures["slowest answer"]).toBeLessThan(fault.slowest);
  expect(figures["seconds until recovery"]).toBeLessThan(fault.recovery);
  // With fewer acknowledged uploads the test would show nothing.
  expect(figures.acknowledged).toBeGreaterThan(40);
  return { refused: refusals.length, slowest: figures["slowest answer"] };
}

function countKinds(presentations: readonly Presentation[]): Record<string, number> {
  const groups = Map.groupBy(presentations, ({ kind }) => kind);
  return Object.fromEntries([...groups].map(([kind, all]) => [kind, all.length]));
}

/** The time at which the node first acknowledged an upload that was sent after `after`. */
function firstSuccess(presentations: readonly Presentation[], node: number, after: number): number | undefined {
  return presentations.find((one) => one.node === node && one.kind === "acknowledged" && one.sentAt > after)?.endedAt;
}

/** The jobs done by all nodes together. A restarted node counts from 0 again. */
async function jobsDone({ urls }: Cluster): Promise<number> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const counts = texts.flatMap((text) => [...text.matchAll(/^sluice_jobs_total\{[^}]*outcome="done"[^}]*\} (\d+)/gm)]);
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(2));
}
