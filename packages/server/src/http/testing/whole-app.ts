import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance, RouteOptions } from "fastify";
import { openParts, type Parts } from "../../app/parts.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { Settings } from "../../config/settings.ts";
import { createLogger } from "../../observability/logger.ts";
import { openUploadAdmission } from "../../upload/form/admission/upload-admission.ts";
import { UploadsUnderWay } from "../../upload/outcome/uploads-under-way.ts";
import { UnknownParameters } from "../../upload/resolve/unknown-parameters.ts";
import { createApp } from "../create-app.ts";

/** The whole app with all of its routes, on SQLite in a folder of its own. It listens on no port. */
export interface WholeApp {
  readonly parts: Parts;
  readonly app: FastifyInstance;
  readonly routes: readonly RouteOptions[];
  close(): Promise<void>;
}

export async function openWholeApp(settings: Partial<Settings> = {}): Promise<WholeApp> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-app-"));
  const config = resolveConfig({ ...settings, dataDir: folder });
  const logger = createLogger("silent");
  const parts = await openParts(config);
  const app = createApp({
    ...parts,
    admission: await openUploadAdmission(config, folder),
    uploadsUnderWay: new UploadsUnderWay(),
    unknownParameters: new UnknownParameters(logger),
    config,
    logger,
    lifecycle: { draining: false },
    now: Date.now,
    publicUrl: () => "https://media.example",
  });
  const routes: RouteOptions[] = [];
  app.addHook("onRoute", (route) => void routes.push(route));
  await app.ready();
  return {
    parts,
    app,
    routes,
    async close() {
      await app.close();
      await parts.close();
      await rm(folder, { recursive: true });
    },
  };
}
