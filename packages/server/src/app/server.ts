import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { countCommits } from "../database/count-commits.ts";
import { RememberedAnswers } from "../delivery/remembered-answers.ts";
import { createApp } from "../http/create-app.ts";
import { newLifecycle } from "../http/lifecycle.ts";
import type { Listener } from "../http/listener.ts";
import { Sweeper } from "../maintenance/sweeper.ts";
import { openUploadAdmission } from "../upload/form/admission/upload-admission.ts";
import { UploadsUnderWay } from "../upload/outcome/uploads-under-way.ts";
import { UnknownParameters } from "../upload/resolve/unknown-parameters.ts";
import { ownedJobKinds } from "./jobs.ts";
import type { Parts } from "./parts.ts";
import type { Services } from "./services.ts";

/** The part that answers requests, in one process. Jobs run elsewhere. */
export interface Server {
  readonly services: Services;
  /** Answers the listener's requests from now on. */
  serve(): Promise<void>;
  /** Asks load balancers to send requests elsewhere, and ends connections with their answers. All are answered. */
  leave(): void;
  /**
   * Takes no new connections, ends each open one with its next answer, and the idle ones after `idleMs`. Requests in
   * flight may finish, within the limit. The listener is closed then.
   */
  drain(idleMs: number): Promise<void>;
  /** Called after `drain()`. The parts' owner closes the parts. */
  close(): Promise<void>;
}

/** The parts of a server. Where several processes answer requests, their refusals are asked of all of them. */
export type ServerParts = Omit<Parts, "refusals"> & Pick<Services, "refusals">;

export interface ServerOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** The server answers on its address once it serves. */
  readonly listener: Listener;
  readonly demoSecret: string;
}

export async function openServer(
  parts: ServerParts,
  { config, logger, listener, demoSecret }: ServerOptions,
): Promise<Server> {
  const services: Services = {
    ...parts,
    database: countCommits(parts.database, parts.metrics),
    rememberedAnswers: new RememberedAnswers(parts),
    admission: await openUploadAdmission(config, parts.spool.folder),
    uploadsUnderWay: new UploadsUnderWay(),
    unknownParameters: new UnknownParameters(logger),
    config,
    logger,
    jobKinds: ownedJobKinds,
    lifecycle: newLifecycle(),
    demoSecret,
    now: Date.now,
    publicUrl: () => listener.url,
  };
  services.usageCounts.start();
  await services.leaseOwner.endLeasesOfTheDead();
  const app = createApp(services, listener);
  await app.ready();
  let sweeper: Sweeper | undefined;
  return {
    services,
    async serve() {
      sweeper ??= new Sweeper(services);
      await listener.handOver(app);
    },
    leave() {
      Object.assign(services.lifecycle, { draining: true, connections: "leaving" });
    },
    async drain(idleMs) {
      services.lifecycle.connections = "leaving";
      await listener.leave(idleMs);
      services.lifecycle.connections = "closing";
      services.later.endWaits();
      const endsAt = performance.now() + config.limits.shutdownMs;
      await app.close();
      await listener.close(Math.max(endsAt - performance.now(), 0));
    },
    async close() {
      await sweeper?.close();
    },
  };
}
