import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { disturbance } from "./calmly.ts";
import type { DeliveryBench, DeliveryMeasurement } from "./delivery/measure.ts";
import { type DeliveryScenarioResult, runDeliveryRounds } from "./delivery/rounds.ts";
import { type DeliveryScenario, deliveryScenarios } from "./delivery/scenarios.ts";
import { rateOf as deliveryRateOf } from "./delivery/section.ts";
import type { Bench, Measurement } from "./measure.ts";
import { type Options, readOptions, usage } from "./options.ts";
import { makePhoto, makePicture } from "./picture.ts";
import { describeMachine, freeBytes } from "./report/machine.ts";
import { markdownReport, memoryVerdict } from "./report/markdown.ts";
import { rateOf } from "./report/summary.ts";
import { runRounds, type ScenarioResult } from "./rounds.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { root } from "./subjects.ts";
import { makeClips } from "./video/clips.ts";
import type { VideoMeasurement } from "./video/measurement.ts";
import { runVideoRounds, type VideoScenarioResult } from "./video/rounds.ts";
import { clipSeconds, type VideoScenario, videoScenarios } from "./video/scenarios.ts";
import { videoSubjects } from "./video/subjects.ts";

// Measures Sluice beside the floors and a peer. Tables go to standard output, progress goes to standard error.

/** The disk space that the largest run needs before it is removed, with some to spare. */
const neededBytes = 10 * 1024 ** 3;

const args = process.argv.slice(2);
if (args.includes("--help")) process.stdout.write(usage);
else process.exitCode = await main(args);

async function main(args: readonly string[]): Promise<number> {
  let options: Options;
  try {
    options = readOptions(args);
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
  if (!options.fromSources && options.build) build();
  stayOn(options.clientCore);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => interrupted.abort());
  const folder = await mkdtemp(join(resolve(options.folder), "sluice-bench-"));
  try {
    if ((await freeBytes(folder)) < neededBytes) throw new Error(`10 GiB have to be free under ${options.folder}`);
    const picturePath = join(folder, "picture.jpg");
    await writeFile(picturePath, await makePicture());
    const photoPath = join(folder, "photo.jpg");
    if (options.deliveries.length + options.videos.length > 0) await writeFile(photoPath, await makePhoto());
    const { signal } = interrupted;
    const bench = { ...options, folder, picturePath, photoPath, nodeOptions: profiling(options), signal };
    const results = await runAll(bench, options);
    const deliveries = await runDeliveries(bench, options);
    const videos = await runVideos(bench, options);
    const conditions = { ...options, machine: describeMachine(folder) };
    process.stdout.write(
      options.json
        ? asJson(conditions, [...results, ...deliveries, ...videos])
        : markdownReport(conditions, results, deliveries, videos),
    );
    return results.every(keepsMemoryBound) ? 0 : 1;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    say("interrupted: nothing is reported");
    return 130;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAll(bench: Bench, { rounds, subjects, scenarios: chosen }: Options): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const name of chosen) {
    const scenario: Scenario = scenarios[name];
    const onMeasured = (subject: string, measurement: Measurement): void => {
      const rate = rateOf(measurement, scenario).toFixed(0);
      const others = (disturbance(measurement) * 100).toFixed(0);
      say(`${scenario.title}: ${subject} ${rate} ${scenario.unit}, others took ${others} % of the server's core`);
    };
    results.push(await runRounds(bench, [name, scenario], { rounds, subjects, onMeasured }));
  }
  return results;
}

async function runDeliveries(bench: DeliveryBench, { rounds, deliveries: chosen }: Options) {
  const results: DeliveryScenarioResult[] = [];
  for (const name of chosen) {
    const scenario: DeliveryScenario = deliveryScenarios[name];
    const onMeasured = (subject: string, measurement: DeliveryMeasurement): void => {
      const others = (disturbance(measurement) * 100).toFixed(0);
      say(
        `${scenario.title}: ${subject} ${deliveryRateOf(measurement).toFixed(1)}/s, others took ${others} % of its core`,
      );
    };
    results.push(await runDeliveryRounds(bench, [name, scenario], { rounds, onMeasured }));
  }
  return results;
}

async function runVideos(bench: DeliveryBench, { rounds, videos: chosen }: Options) {
  const results: VideoScenarioResult[] = [];
  if (chosen.length === 0) return results;
  const clips = await makeClips(bench.folder, clipSeconds, bench.signal);
  for (const name of chosen) {
    const scenario: VideoScenario = videoScenarios[name];
    const onMeasured = (subject: keyof typeof videoSubjects, measurement: VideoMeasurement): void => {
      const figures = scenario.figures.map(({ title, of, format }) => `${title} ${format(of(measurement))}`).join(", ");
      const others = (disturbance(measurement) * 100).toFixed(0);
      say(`${scenario.title}: ${videoSubjects[subject].title}: ${figures}, others took ${others} % of the cores`);
    };
    results.push(await runVideoRounds({ ...bench, clips }, [name, scenario], { rounds, onMeasured }));
  }
  return results;
}

function profiling({ profile }: Options): string[] {
  return profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(profile)}`];
}

function keepsMemoryBound(result: ScenarioResult): boolean {
  const verdict = memoryVerdict(result);
  return verdict === undefined || verdict.found < verdict.limit;
}

function asJson(
  conditions: object,
  results: readonly (ScenarioResult | DeliveryScenarioResult | VideoScenarioResult)[],
): string {
  const plain = results.map((result) => ({ ...result, subjects: Object.fromEntries(result.subjects) }));
  return `${JSON.stringify({ ...conditions, results: plain }, undefined, 2)}\n`;
}

/** Keeps this process, and the processes that it starts without their own core, off the server's core. */
function stayOn(core: number): void {
  const { status } = spawnSync("taskset", ["--all-tasks", "--cpu-list", "--pid", String(core), String(process.pid)]);
  if (status !== 0) throw new Error("taskset can't choose the core of the benchmark itself");
}

function build(): void {
  const standardError = 2;
  const { status } = spawnSync("npm", ["run", "build"], { cwd: root, stdio: ["ignore", standardError, standardError] });
  if (status !== 0) throw new Error("the build failed");
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
