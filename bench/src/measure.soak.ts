import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findPostgresPrograms } from "../../scripts/services/postgres-programs.ts";
import { s3Problem } from "../../scripts/services/s3.ts";
import { type Bench, measure } from "./measure.ts";
import { makePicture } from "./picture.ts";
import type { Scenario } from "./scenarios.ts";
import { nullServer, type Subject, subjects } from "./subjects.ts";

const tiny: Scenario = {
  title: "a few",
  fileBytes: 10 * 1024,
  atOnce: 2,
  warmUpUploads: 2,
  uploads: 6,
  timed: false,
  unit: "uploads/s",
};

let bench: Bench;

function enginesProblem({ engines = [] }: Subject): string | undefined {
  if (engines.every((engine) => engine === "receiver")) return undefined;
  return findPostgresPrograms() === undefined ? "Debian's package postgresql is not installed" : s3Problem();
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const picturePath = join(folder, "picture.jpg");
  await writeFile(picturePath, await makePicture());
  const signal = new AbortController().signal;
  const cores = { serverCore: 0, clientCore: 0 };
  bench = {
    ...cores,
    folder,
    picturePath,
    threads: 4,
    fromSources: true,
    seconds: 1,
    nodeOptions: [],
    peers,
    signal,
  };
});

afterAll(() => rm(bench.folder, { recursive: true, force: true }));

/** The folder of programs that the bench doesn't include. They are measured only where this is set. */
const peers = process.env.SLUICE_BENCH_PEERS;
const there = Object.entries<Subject>({ ...subjects, null: nullServer }).filter(
  ([, { node }]) => node === undefined || peers !== undefined,
);

test.for(there)("%s keeps what it is sent and is measured", async ([, subject], { skip }) => {
  const missing = process.env.CI === "true" ? undefined : enginesProblem(subject);
  skip(missing !== undefined, missing);
  const measurement = await measure(bench, subject, tiny);
  expect(measurement.uploads).toBe(6);
  expect(measurement.seconds).toBeGreaterThan(0);
  expect(measurement.memory.peak).toBeGreaterThanOrEqual(measurement.memory.before);
  expect(measurement.eventLoopDelay.max).toBeGreaterThanOrEqual(measurement.eventLoopDelay.p50);
});

test("a server that refuses its uploads ends the measurement with its answer", async () => {
  const strict = { ...subjects.sluice, protocol: "raw" } as const;
  await expect(measure(bench, strict, tiny)).rejects.toThrow("no result");
});
