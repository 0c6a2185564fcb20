import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, engineSettings, prepareEngines } from "./engines.ts";
import { startRoundRobin } from "./round-robin.ts";
import { type RunningServer, startServer } from "./server.ts";

export interface Nodes {
  readonly servers: readonly RunningServer[];
  /** Of the round-robin in front of them. */
  readonly url: string;
  /** The folder after which their database and place in the bucket are named. */
  readonly shared: string;
  stop(): Promise<void>;
}

/** Several servers behind a round-robin, on one database and one place in the bucket, each with a folder of its own for what it spools. */
export async function startNodes(count: number, flags: readonly string[] = []): Promise<Nodes> {
  const shared = await mkdtemp(join(tmpdir(), "sluice-nodes-"));
  await prepareEngines(shared);
  const environment = engineSettings(shared);
  const servers = await Promise.all(Array.from({ length: count }, () => startServer({ flags, environment })));
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
