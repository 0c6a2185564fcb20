import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Bench } from "../measure.ts";
import type { EventLoopDelay } from "../process/event-loop-probe.ts";
import { runDelivery } from "../process/run-load.ts";
import { startServer } from "../process/start-server.ts";
import { keys } from "../subjects.ts";
import type { DeliveryPlan, DeliveryResult } from "./plan.ts";
import type { DeliveryScenario } from "./scenarios.ts";
import { type DeliverySubject, fileName } from "./subjects.ts";

export interface DeliveryBench extends Bench {
  /** The JPEG that the pictures are rendered from. */
  readonly photoPath: string;
}

export interface DeliveryMeasurement extends DeliveryResult {
  readonly eventLoopDelay: EventLoopDelay;
}

/** The longest time for one run, whatever happens. */
const runMs = 180_000;
const maxFileBytes = 64 * 1024 * 1024;

/** Starts the subject on an empty folder, gives it the photo, requests pictures of it, and ends the subject. */
export async function measureDelivery(
  bench: DeliveryBench,
  subject: DeliverySubject,
  scenario: DeliveryScenario,
): Promise<DeliveryMeasurement> {
  const signal = AbortSignal.any([bench.signal, AbortSignal.timeout(runMs)]);
  const folder = await mkdtemp(join(bench.folder, "run-"));
  try {
    const dataDir = join(folder, "data");
    await mkdir(dataDir);
    if (subject.takesUploads === undefined) await copyFile(bench.photoPath, join(dataDir, fileName));
    const { serverCore: core, clientCore, threads, fromSources, nodeOptions } = bench;
    const server = await startServer(subject, {
      ...{ threads, fromSources, nodeOptions, folder, dataDir, maxFileBytes, signal },
      ...{ cores: [core], engines: {}, environment: {}, peers: undefined },
    });
    const plan = planOf(bench, subject, scenario, { pid: server.pid, port: server.port, core });
    const result = await runDelivery(plan, { core: clientCore, cwd: folder, signal }).catch(async (error: unknown) => {
      await server.stop().catch(() => undefined);
      const lastWords = `Its last words:\n${server.lastErrors()}`;
      throw new Error(`${subject.title}, ${scenario.title}: no result. ${lastWords}`, { cause: error });
    });
    return { ...result, eventLoopDelay: await server.stop() };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function planOf(
  { picturePath, photoPath, clientCore, seconds }: DeliveryBench,
  subject: DeliverySubject,
  { picture, atOnce, distinct, warmUp, maxUploads, timed, stores, memory }: DeliveryScenario,
  server: DeliveryPlan["server"],
): DeliveryPlan {
  const asks = { path: subject.path(picture), distinct, atOnce, accepts: memory === undefined ? [200] : [200, 503] };
  return {
    server,
    core: clientCore,
    keys,
    upload: subject.takesUploads && { picturePath: photoPath, fileName },
    asks: stores === undefined || subject.renders ? asks : undefined,
    stores: stores && { ...stores, picturePath },
    warmUp: { uploads: warmUp, seconds: runMs / 1000 },
    measured: { uploads: maxUploads, seconds: timed ? seconds : runMs / 1000 },
  };
}
