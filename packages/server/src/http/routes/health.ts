import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Database } from "../../database/database.ts";
import { shareCheck } from "../../observability/shared-check.ts";
import { version } from "../../observability/version.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import type { FreeSpace } from "../../storage/free-space.ts";
import { noScanner, type VirusScanner } from "../../virus-scan/virus-scanner.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import type { Lifecycle } from "../lifecycle.ts";

export interface HealthNeeds {
  readonly database: Pick<Database<Record<never, never>>, "check">;
  readonly blobs: Pick<BlobStore, "check">;
  readonly freeSpace: Pick<FreeSpace, "assert">;
  readonly lifecycle: Lifecycle;
  readonly scanner: VirusScanner;
}

/** A health check doesn't wait as long as an upload does for a part that hangs. */
const maxLookMs = 5000;

/**
 * `/health`: 200 when uploads can be taken. 503 when the database, the store or the virus scanner is down, or when there
 * is no room for any upload, however small. A draining server answers 503 as well. `/health/live`: 200 as long as the
 * process answers.
 */
export function healthRoute({ database, blobs, freeSpace, lifecycle, scanner }: HealthNeeds): FastifyPluginAsync {
  // Simultaneous health checks share a look: with a bucket each is a request to the bucket, and anybody may ask for it.
  const lookAtDatabase = lookAt(() => database.check());
  const lookAtStorage = lookAt(() =>
    Promise.all([blobs.check(AbortSignal.timeout(maxLookMs)), freeSpace.assert({ spool: 0, blobs: 0 })]),
  );
  const lookAtScanner = lookAt(() => scanner.assertReady(AbortSignal.timeout(maxLookMs)));

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
  }, maxLookMs);
  return async () => (await look()) ?? "down";
}
