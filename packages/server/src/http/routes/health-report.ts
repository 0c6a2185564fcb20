import { setTimeout as sleep } from "node:timers/promises";
import { type HealthReport, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { endedWithin } from "../../concurrency/ended-within.ts";
import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";
import { listNodes } from "../../database/repositories/nodes.ts";
import type { OwnedKind } from "../../jobs/job-source.ts";
import { hasLateJobs } from "../../jobs/live-jobs.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import { version } from "../../observability/version.ts";
import type { FreeRoom, FreeSpace } from "../../storage/free-space.ts";
import { noScanner } from "../../virus-scan/virus-scanner.ts";
import { addRoute } from "../add-route.ts";
import { type AuthNeeds, requireBasicAuth } from "../plugins/basic-auth.ts";
import type { HealthNeeds } from "./health.ts";

export type HealthReportNeeds = AuthNeeds &
  Omit<HealthNeeds, "freeSpace" | "database"> & {
    readonly config: Pick<Config, "databaseUrl">;
    readonly images: Pick<ImageEngine, "isolation">;
    readonly videos: Pick<VideoEngine, "program">;
    readonly database: Database<Record<never, never>>;
    readonly freeSpace: Pick<FreeSpace, "hasRoom" | "room">;
    readonly jobKinds: readonly OwnedKind[];
  };

type Part = HealthReport["parts"][number];
type Node = HealthReport["nodes"][number];

/** A check of the parts doesn't wait as long as an upload does for a part that hangs. */
const maxCheckMs = 5000;
/** An answer of this age is given again: the checks ask the disk, the bucket and the scanner. */
const freshMs = 1000;
const slowMs = 1000;
/** The queue is slow once a job has been due for so long. */
const lateMs = 60_000;

/**
 * The state of each part, for key pairs with the role full. Any account on the server may ask, so nothing in the answer
 * names another account, a path, a host or the length of the queue.
 */
export function healthReportRoute(needs: HealthReportNeeds): FastifyPluginAsync {
  let latest: { readonly report: Promise<HealthReport>; readonly at: number } | undefined;
  return async (app) => {
    requireBasicAuth(app, needs);
    addRoute(app, operations.getHealthReport, async (_request, reply) => {
      if (latest === undefined || performance.now() - latest.at > freshMs) {
        latest = { report: checkParts(needs), at: performance.now() };
      }
      return reply.header("cache-control", "no-store").send(await latest.report);
    });
  };
}

async function checkParts(needs: HealthReportNeeds): Promise<HealthReport> {
  const { config, database, blobs, freeSpace, images, videos, lifecycle, scanner, jobKinds, now } = needs;
  const names = jobKinds.map(({ name }) => name);
  const room = freeSpace.room();
  // Where uploads have no room they are refused, as GET /health says. A part on no disk of this machine has no room here.
  const assertRoom = async (folder: keyof FreeRoom): Promise<void> => {
    const free = (await room)[folder];
    if (free !== null && !freeSpace.hasRoom(free)) throw new Error(`There is no room for ${folder}.`);
  };
  const ownsDatabase = config.databaseUrl === undefined;
  const nodes = checkNodes(database, now());
  const parts: Part[] = await Promise.all([
    { name: "server", state: lifecycle.draining ? "down" : "ok", latencyMs: null, freeBytes: null } as const,
    checkPart("database", ownsDatabase ? room.then((free) => free.database) : noRoom, () =>
      Promise.all([database.check(), ownsDatabase && assertRoom("database")]),
    ),
    checkPart(
      "storage",
      room.then((free) => free.blobs),
      () => Promise.all([blobs.check(AbortSignal.timeout(maxCheckMs)), assertRoom("blobs")]),
    ),
    checkPart(
      "spool",
      room.then((free) => free.spool),
      () => assertRoom("spool"),
    ),
    checkPart("queue", noRoom, () => hasLateJobs(database.reader, { names, now: now(), lateMs })),
    checkImages(images),
    ...(await checkVideos(videos)),
    ...(scanner === noScanner
      ? []
      : [checkPart("scanner", noRoom, () => scanner.assertReady(AbortSignal.timeout(maxCheckMs)))]),
  ]);
  const isWhole = parts.every(({ state }) => state !== "down");
  return {
    status: isWhole ? "ok" : "unavailable",
    version,
    checkedAt: new Date(now()).toISOString(),
    parts,
    nodes: await nodes,
  };
}

/** A database that fails or hangs is down among the parts. */
async function checkNodes({ reader }: Pick<HealthReportNeeds["database"], "reader">, now: number): Promise<Node[]> {
  const nodes = await endedWithin(maxCheckMs, listNodes(reader, now)).catch(() => undefined);
  return (nodes ?? []).map(({ id, version, seenAt, isAlive }) => ({
    id,
    version,
    lastSeenAt: new Date(seenAt).toISOString(),
    state: isAlive ? "ok" : "silent",
  }));
}

/** Says besides how the processes that decode are kept apart, as far as that is known. */
async function checkImages(images: HealthReportNeeds["images"]): Promise<Part> {
  let isolation: Part["isolation"];
  const part = await checkPart("images", noRoom, async () => {
    isolation = await images.isolation();
  });
  return { ...part, ...(isolation !== undefined && { isolation }) };
}

/** A server without a program for videos is whole: it delivers them as they are. */
async function checkVideos(videos: HealthReportNeeds["videos"]): Promise<Part[]> {
  const program = await endedWithin(maxCheckMs, videos.program()).catch(() => undefined);
  if (program === undefined || "missing" in program) return [];
  const known = { name: "videos", state: "ok", latencyMs: null, freeBytes: null } as const;
  return [{ ...known, program: program.name }];
}

/** The answer for a part that has no room of its own. */
const noRoom = Promise.resolve(null);

/**
 * @param free the bytes that are free for the part
 * @param check rejects when the part is down, and resolves with true when it is slow whatever time it took
 */
async function checkPart(
  name: Part["name"],
  free: Promise<number | null | undefined>,
  check: () => Promise<unknown>,
): Promise<Part> {
  const began = performance.now();
  const stateOf = (isSlow: unknown) => (isSlow === true || performance.now() - began > slowMs ? "slow" : "ok");
  const checking = async (): Promise<Pick<Part, "state" | "freeBytes">> => {
    const state = await check().then(stateOf, () => "down" as const);
    return { state, freeBytes: (await free) ?? null };
  };
  const ended = new AbortController();
  try {
    const late = sleep(maxCheckMs, { state: "down", freeBytes: null } as const, { signal: ended.signal, ref: false });
    const found = await Promise.race([checking(), late]);
    return { name, ...found, latencyMs: Math.round(performance.now() - began) };
  } finally {
    ended.abort();
  }
}
