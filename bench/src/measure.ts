import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { LoadResult, Stretch } from "./load/plan.ts";
import { startEngines } from "./process/engines.ts";
import type { EventLoopDelay } from "./process/event-loop-probe.ts";
import { runLoad } from "./process/run-load.ts";
import { startServer } from "./process/start-server.ts";
import { touchMemory } from "./process/touch-memory.ts";
import type { Scenario } from "./scenarios.ts";
import { keys, type Subject } from "./subjects.ts";

export interface Bench {
  /** The folder for everything that the measurements write. */
  readonly folder: string;
  readonly picturePath: string;
  readonly serverCore: number;
  readonly clientCore: number;
  /** The number of threads in libuv's pool. */
  readonly threads: number;
  readonly fromSources: boolean;
  /** The folder in which programs that the bench doesn't include are installed. */
  readonly peers: string | undefined;
  /** The length of the measured stretch. */
  readonly seconds: number;
  /** Options for the servers' Node. */
  readonly nodeOptions: readonly string[];
  readonly signal: AbortSignal;
}

export interface Measurement extends LoadResult {
  readonly eventLoopDelay: EventLoopDelay;
}

/** The longest time for one run, whatever happens. */
const runMs = 180_000;
const spareBytes = 1024 * 1024;

/** Starts the subject on an empty folder, loads it, ends it and frees the disk space of the files it kept. */
export async function measure(bench: Bench, subject: Subject, scenario: Scenario): Promise<Measurement> {
  const signal = AbortSignal.any([bench.signal, AbortSignal.timeout(runMs)]);
  const folder = await mkdtemp(join(bench.folder, "run-"));
  try {
    return await measureIn(folder, bench, subject, scenario, signal);
  } finally {
    await emptyFiles(folder);
  }
}

async function measureIn(
  folder: string,
  bench: Bench,
  subject: Subject,
  scenario: Scenario,
  signal: AbortSignal,
): Promise<Measurement> {
  const { serverCore: core, clientCore, threads, fromSources, nodeOptions, peers } = bench;
  const engines = await startEngines(subject.engines ?? []);
  try {
    const dataDir = join(folder, "data");
    await mkdir(dataDir);
    const maxFileBytes = scenario.fileBytes + spareBytes;
    const written = (scenario.warmUpUploads + scenario.uploads) * scenario.fileBytes;
    await touchMemory(written, { core: clientCore, cwd: folder, signal });
    const server = await startServer(subject, {
      ...{ threads, fromSources, nodeOptions, peers, folder, dataDir, maxFileBytes, signal },
      cores: subject.bothCores ? [core, clientCore] : [core],
      engines: engines.urls,
      environment: engines.environment,
    });
    let load: LoadResult;
    try {
      await subject.prepare?.(`http://127.0.0.1:${server.port}`);
      load = await runLoad(
        {
          server: { pid: server.pid, port: server.port, core },
          core: clientCore,
          protocol: subject.protocol,
          fields: subject.fields ?? {},
          keys,
          picturePath: bench.picturePath,
          fileBytes: scenario.fileBytes,
          atOnce: scenario.atOnce,
          warmUp: stretch(
            Math.min(scenario.warmUpUploads, subject.warmUpUploads ?? Number.POSITIVE_INFINITY),
            undefined,
          ),
          measured: stretch(scenario.uploads, scenario.timed ? bench.seconds : undefined),
        },
        { core: clientCore, cwd: folder, signal },
      );
    } catch (error) {
      await server.stop().catch(() => undefined);
      throw new Error(`${subject.title}, ${scenario.title}: no result. Its last words:\n${server.lastErrors()}`, {
        cause: error,
      });
    }
    return { ...load, eventLoopDelay: await server.stop() };
  } finally {
    await engines.stop();
  }
}

function stretch(uploads: number, seconds: number | undefined): Stretch {
  return { uploads, seconds: seconds ?? runMs / 1000 };
}

/**
 * Empties the files but keeps them until everything is measured. Whenever ext4 creates a file, it looks through the
 * inodes deleted in the last minutes, so files removed after one run would slow down the next.
 */
async function emptyFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) await truncate(join(entry.parentPath, entry.name));
  }
  // The pending writes of this run must not happen during the next.
  await promisify(execFile)("sync", ["--file-system", folder]);
}
