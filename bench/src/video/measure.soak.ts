import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePicture } from "../picture.ts";
import { makeClips } from "./clips.ts";
import { measureVideo } from "./measure.ts";
import { type VideoScenario, videoScenarios } from "./scenarios.ts";
import { videoSection } from "./section.ts";
import type { VideoBench } from "./server.ts";
import type { VideoSubjectName } from "./subjects.ts";

let bench: VideoBench;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const signal = new AbortController().signal;
  const picturePath = join(folder, "picture.jpg");
  await writeFile(picturePath, await makePicture());
  const clips = await makeClips(folder, 2, signal);
  const files = { folder, picturePath, photoPath: picturePath, clips };
  const cores = { serverCore: 0, clientCore: Math.min(1, availableParallelism() - 1) };
  bench = { ...files, ...cores, threads: 4, fromSources: true, seconds: 1, nodeOptions: [], peers: undefined, signal };
});
afterAll(() => rm(bench.folder, { recursive: true, force: true }));

/** Whether a scenario is measured at all is seen in a few requests, also on a machine that others keep busy. */
const few = (scenario: VideoScenario): VideoScenario => ({ ...scenario, count: 3, warmUpUploads: 20 });
const busyMs = 120_000;
const engines: readonly VideoSubjectName[] = ["system", "embedded"];

test.each(engines)("%s takes stills, each of which is measured", async (name) => {
  const { latencies, cpu } = await measureVideo(bench, name, few(videoScenarios.stills));
  expect(latencies.still).toHaveLength(3);
  expect(cpu).toBeGreaterThan(0);
});

test("an encode is measured and told beside one plain command, with a verdict on the budget", async () => {
  const { plain, system } = {
    plain: await measureVideo(bench, "plain", videoScenarios["encode-720p"]),
    system: await measureVideo(bench, "system", videoScenarios["encode-720p"]),
  };
  // The plain command does the same work, without a server around it.
  expect(system.cpu / plain.cpu).toBeGreaterThan(0.8);
  const subjects = new Map([["plain", [plain]] as const, ["system", [{ ...system, cpu: 2 * plain.cpu }]] as const]);
  const [title, table = "", verdicts = ""] = videoSection({ scenario: "encode-720p", subjects }).split("\n\n");
  expect(title).toBe("### 60 s of 1080p to 720p");
  expect(table.split("\n")).toHaveLength(4);
  expect(verdicts).toContain(
    "Sluice with FFmpeg, CPU at most 1.10 times that of one plain `ffmpeg` command: missed, 2.00.",
  );
});

test.each(engines)("uploads and pictures are measured while %s is kept busy", { timeout: busyMs }, async (name) => {
  // In the time of three, no still may come.
  const scenario = { ...few(videoScenarios["beside-videos"]), count: 20 };
  const { latencies, meanwhile, memory } = await measureVideo(bench, name, scenario);
  expect([latencies.upload?.length, latencies.picture?.length]).toEqual([20, 20]);
  expect(meanwhile.stills + meanwhile.refused).toBeGreaterThan(0);
  expect(memory.peak).toBeGreaterThanOrEqual(memory.before);
});
