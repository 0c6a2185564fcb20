import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, engineSettings, prepareEngines } from "./engines.ts";
import { startRoundRobin } from "./round-robin.ts";
import { type ServerProcess, startServerProcess } from "./server.ts";

export interface Nodes {
  readonly servers: readonly ServerProcess[];
  /** The address of the round-robin in front of the servers. */
  readonly url: string;
  /** The folder that gives the shared database and the shared place in the bucket their names. */
  readonly shared: string;
  stop(): Promise<void>;
}

/**
 * Starts several servers behind a round-robin. They share a database and a place in the bucket; each has its own folder
 * for its spool.
 */
export async function startNodes(count: number, flags: readonly string[] = []): Promise<Nodes> {
  const shared = await mkdtemp(join(tmpdir(), "sluice-nodes-"));
  await prepareEngines(shared);
  const environment = engineSettings(shared);
  const servers = await Promise.all(Array.from({ length: count }, () => startServerProcess({ flags, environment })));
  const roundRobin = await startRoundRobin(servers.map(({ url }) => url));
  return {
    servers,
    url: roundRobin.url,
    shared,
    async stop() {
      await roundRobin.close();
      for (const server of servers) await server.stop();
      await dropEngines(shared);
      await rm(shared, { recursive: true, force: true });
    },
  };
}
