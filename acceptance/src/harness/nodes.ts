import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, engineSettings, prepareEngines } from "./engines.ts";
import { type RunningServer, startServer } from "./server.ts";

export interface Nodes {
  readonly servers: readonly RunningServer[];
  /** The next one's address, round and round, as a load balancer gives them out. */
  next(): string;
  stop(): Promise<void>;
}

/** Several servers on one database and one place in the bucket, each with a folder of its own for what it spools. */
export async function startNodes(count: number, flags: readonly string[] = []): Promise<Nodes> {
  const shared = await mkdtemp(join(tmpdir(), "sluice-nodes-"));
  await prepareEngines(shared);
  const environment = engineSettings(shared);
  const servers = await Promise.all(Array.from({ length: count }, () => startServer({ flags, environment })));
  let turn = 0;
  return {
    servers,
    next: () => (servers[turn++ % count] as RunningServer).url,
    async stop() {
      for (const server of servers) await server.stop();
      await dropEngines(shared);
      await rm(shared, { recursive: true, force: true });
    },
  };
}
