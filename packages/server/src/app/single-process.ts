import { SealedSecrets } from "../endpoints/origins/sealed-secrets.ts";
import { Listener } from "../http/listener.ts";
import { newSecret } from "../text/secrets.ts";
import { openJobs } from "./open-jobs.ts";
import {
  createOwningServer,
  type OwnedData,
  type OwnerOptions,
  type OwningServer,
  openOwned,
} from "./owning-server.ts";
import { openServer, type Server } from "./server.ts";

export interface SingleProcessOptions extends OwnerOptions {
  /** Whether processes that decode are started before they are needed. */
  readonly keepsReady?: boolean;
}

/** A server of one process, which answers requests and runs the jobs. */
export function createSingleProcess({ keepsReady = false, ...options }: SingleProcessOptions): OwningServer {
  const { config, logger, signal } = options;
  const listener = new Listener(config, logger);
  const demoSecret = newSecret();
  return createOwningServer<OwnedData & { readonly server: Server }>(options, {
    demoSecret,
    place: () => listener,
    listen: () => listener.listen(),
    open: (folder) =>
      openOwned(options, folder, { keepsReady }, async ({ parts, secretsKeys }) => {
        const sealedSecrets = new SealedSecrets(secretsKeys.keys);
        const server = await openServer({ ...parts, sealedSecrets }, { config, logger, listener, demoSecret });
        return { server, jobs: await openJobs(server.services, signal) };
      }),
    async serve({ server, parts }) {
      await server.serve();
      return parts.metrics.registry;
    },
    async leave({ server }) {
      server.leave();
    },
    drain: (data) => (data === undefined ? listener.close(config.limits.shutdownMs) : data.server.drain(0)),
    close: ({ server }) => server.close(),
  });
}
