import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, RouteOptions } from "fastify";
import type { Logger } from "pino";
import { ownedJobKinds } from "../../app/jobs.ts";
import { openParts, type Parts } from "../../app/parts.ts";
import type { Config } from "../../config/config.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { Settings } from "../../config/settings.ts";
import { RememberedAnswers } from "../../delivery/remembered-answers.ts";
import { openTestProcesses } from "../../media/testing/open-images.ts";
import { createLogger } from "../../observability/logger.ts";
import { openTestDatabase } from "../../testing/open-test-database.ts";
import { newSecret } from "../../text/secrets.ts";
import { openUploadAdmission, type UploadAdmission } from "../../upload/form/admission/upload-admission.ts";
import { UploadsUnderWay } from "../../upload/outcome/uploads-under-way.ts";
import { UnknownParameters } from "../../upload/resolve/unknown-parameters.ts";
import { createApp } from "../create-app.ts";
import { type Lifecycle, newLifecycle } from "../lifecycle.ts";
import { Listener } from "../listener.ts";

/** One server, which listens on no port until it is told to. */
export interface Node {
  readonly app: FastifyInstance;
  /** The parts that the routes were given. */
  readonly services: ReturnType<typeof servicesOf>;
  /** Listens on a free port. Resolves with the URL. */
  listen(): Promise<string>;
  /** Ends the server as a signal does: nothing new begins, and what is under way ends. */
  drain(): Promise<void>;
}

/** The whole app with all of its routes, on SQLite in a folder of its own unless the settings name another database. */
export interface WholeApp extends Node {
  readonly parts: Parts;
  readonly routes: readonly RouteOptions[];
  /** Starts another server over the same data. */
  another(): Promise<Node>;
  close(): Promise<void>;
}

export async function openWholeApp(settings: Partial<Settings> = {}): Promise<WholeApp> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-app-"));
  const config = resolveConfig({ ...settings, host: "127.0.0.1", port: 0, dataDir: folder });
  const logger = createLogger("silent");
  const parts = await openParts(config, { open: openTestDatabase, processes: openTestProcesses(config.limits) });
  const nodes: Node[] = [];

  async function openNode(routes?: RouteOptions[]): Promise<Node> {
    const listener = new Listener(config, logger);
    const lifecycle = newLifecycle();
    const admission = await openUploadAdmission(config, folder);
    const services = servicesOf({ parts, admission, config, logger, lifecycle });
    const app = createApp(services, listener);
    app.addHook("onRoute", (route) => void routes?.push(route));
    await app.ready();
    let ending: Promise<void> | undefined;
    const node: Node = {
      app,
      services,
      async listen() {
        await listener.handOver(app);
        await listener.listen();
        return listener.url;
      },
      drain() {
        Object.assign(lifecycle, { draining: true, connections: "closing" } satisfies Lifecycle);
        ending ??= app.close().then(() => listener.close(config.limits.shutdownMs));
        return ending;
      },
    };
    nodes.push(node);
    return node;
  }

  const routes: RouteOptions[] = [];
  return {
    ...(await openNode(routes)),
    parts,
    routes,
    another: () => openNode(),
    async close() {
      await Promise.all(nodes.map((node) => node.drain()));
      await parts.close();
      await rm(folder, { recursive: true });
    },
  };
}

interface Given {
  readonly parts: Parts;
  readonly admission: UploadAdmission;
  readonly config: Config;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

function servicesOf({ parts, ...given }: Given) {
  return {
    ...parts,
    ...given,
    rememberedAnswers: new RememberedAnswers(parts),
    uploadsUnderWay: new UploadsUnderWay(),
    unknownParameters: new UnknownParameters(given.logger),
    jobKinds: ownedJobKinds,
    now: Date.now,
    demoSecret: newSecret(),
    publicUrl: () => "https://media.example",
  };
}
