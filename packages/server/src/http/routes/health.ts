import { setTimeout as sleep } from "node:timers/promises";
import { type HealthReport, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { endedWithin } from "../../concurrency/ended-within.ts";
import type { Config } from "../../config/config.ts";
import type { Database } from "../../database/database.ts";
import { listNodes } from "../../database/repositories/nodes.ts";
import type { OwnedKind } from "../../jobs/job-source.ts";
import { hasLateJobs } from "../../jobs/live-jobs.ts";
import type { ImageEngine } from "../../media/image/image-engine.ts";
import type { VideoEngine } from "../../media/video/video-engine.ts";
import { shareCheck } from "../../observability/shared-check.ts";
import { version } from "../../observability/version.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { FreeRoom, FreeSpace } from "../../storage/free-space.ts";
import { noScanner, type VirusScanner } from "../../virus-scan/virus-scanner.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { type AuthDeps, requireBasicAuth } from "../plugins/basic-auth.ts";

interface HealthDeps {
  readonly database: Pick<Database, "check">;
  readonly blobs: Pick<BlobStore, "check">;
  readonly freeSpace: Pick<FreeSpace, "assert">;
  readonly lifecycle: Lifecycle;
  readonly scanner: VirusScanner;
}

type HealthReportDeps = AuthDeps &
  Omit<HealthDeps, "freeSpace" | "database"> & {
    readonly config: Pick<Config, "databaseUrl">;
    readonly images: Pick<ImageEngine, "isolation">;
    readonly videos: Pick<VideoEngine, "program">;
    readonly database: Database;
    readonly freeSpace: Pick<FreeSpace, "hasRoom" | "room">;
    readonly jobKinds: readonly OwnedKind[];
  };

/** A check of the parts doesn't wait as long as an upload does for a part that hangs. */
const maxCheckMs = 5000;

/**
 * `/health`: 200 when uploads can be taken. 503 when the database, the store or the virus scanner is down, or when there
 * is no room for any upload, however small. A draining server answers 503 as well. `/health/live`: 200 as long as the
 * process answers.
 */
export function healthRoute({ database, blobs, freeSpace, lifecycle, scanner }: HealthDeps): FastifyPluginAsync {
  // Simultaneous health checks share a look: with a bucket each is a request to the bucket, and anybody may ask for it.
  const lookAtDatabase = lookAt(() => database.check());
  const lookAtStorage = lookAt(() =>
    Promise.all([blobs.check(AbortSignal.timeout(maxCheckMs)), freeSpace.assert({ spool: 0, blobs: 0 })]),
  );
  const lookAtScanner = lookAt(() => scanner.assertReady(AbortSignal.timeout(maxCheckMs)));

  return async (app) => {
    const answer = async (_request: FastifyRequest, reply: FastifyReply) => {
      const [ofDatabase, ofStorage, ofScanner] = await Promise.all([
        lookAtDatabase(),
        lookAtStorage(),
        scanner === noScanner ? undefined : lookAtScanner(),
      ]);
      const checks = {
        server: lifecycle.draining ? "draining" : "ok",
        database: ofDatabase,
        storage: ofStorage,
        ...(ofScanner !== undefined && { scanner: ofScanner }),
      };
      const healthy = Object.values(checks).every((check) => check === "ok");
      if (lifecycle.draining) reply.header("retry-after", "1");
      return reply
        .code(healthy ? 200 : 503)
        .header("cache-control", "no-store")
        .send({ status: healthy ? "ok" : "unavailable", version, checks });
    };
    addRoute(app, operations.getHealth, answer, asPlainJson);
    const alive = (_request: FastifyRequest, reply: FastifyReply) =>
      reply.header("cache-control", "no-store").send({ status: "ok", version });
    addRoute(app, operations.getLiveness, alive, asPlainJson);
  };
}

/** A part that fails, or does not answer in time, is down. */
function lookAt(check: () => Promise<unknown>): () => Promise<"ok" | "down"> {
  const look = shareCheck(async () => {
    await check();
    return "ok" as const;
  }, maxCheckMs);
  return async () => (await look()) ?? "down";
}

type Part = HealthReport["parts"][number];
type Node = HealthReport["nodes"][number];

/** An answer of this age is given again: the checks ask the disk, the bucket and the scanner. */
const freshMs = 1000;
const slowMs = 1000;
/** The queue is slow once a job has been due for so long. */
const lateMs = 60_000;

/**
 * The state of each part, for key pairs with the role full. Any account on the server may ask, so nothing in the answer
 * names another account, a path, a host or the length of the queue.
 */
export function healthReportRoute(deps: HealthReportDeps): FastifyPluginAsync {
  let latest: { readonly report: Promise<HealthReport>; readonly at: number } | undefined;
  return async (app) => {
    requireBasicAuth(app, deps);
    addRoute(app, operations.getHealthReport, async (_request, reply) => {
      if (latest === undefined || performance.now() - latest.at > freshMs) {
        latest = { report: checkParts(deps), at: performance.now() };
      }
      return reply.header("cache-control", "no-store").send(await latest.report);
    });
  };
}

async function checkParts(deps: HealthReportDeps): Promise<HealthReport> {
  const { config, database, blobs, freeSpace, images, videos, lifecycle, scanner, jobKinds, now } = deps;
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
async function checkNodes({ reader }: Pick<HealthReportDeps["database"], "reader">, now: number): Promise<Node[]> {
  const nodes = await endedWithin(maxCheckMs, listNodes(reader, now)).catch(() => undefined);
  return (nodes ?? []).map(({ id, version, seenAt, isAlive }) => ({
    id,
    version,
    lastSeenAt: new Date(seenAt).toISOString(),
    state: isAlive ? "ok" : "silent",
  }));
}

/** Says besides how the processes that decode are kept apart, as far as that is known. */
async function checkImages(images: HealthReportDeps["images"]): Promise<Part> {
  let isolation: Part["isolation"];
  const part = await checkPart("images", noRoom, async () => {
    isolation = await images.isolation();
  });
  return { ...part, ...(isolation !== undefined && { isolation }) };
}

/** A server without a program for videos is whole: it delivers them as they are. */
async function checkVideos(videos: HealthReportDeps["videos"]): Promise<Part[]> {
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
