import { join } from "node:path";
import { expect, test } from "vitest";
import { startServer } from "./harness/server.ts";
import { expectStoredOnce, suffer } from "./scale/ordeal.ts";
import { pageClients } from "./scale/page-client.ts";
import { withTrial } from "./scale/trial.ts";

// A small form of what `scale/resumable.proof.ts` proves.

test.each(pageClients)("%s goes on after cuts, also in a new tab after its own was killed", async (name) => {
  await withTrial(name, 8_000_000, async ({ folder, source, proxy, client, flags }) => {
    const server = await startServer({ dataDir: join(folder, "data"), flags });
    try {
      proxy.leadTo(server.url);
      const session = await suffer(source, client, {
        proxy,
        cuts: 3,
        killsClient: new Set([2]),
        atCut: async () => undefined,
      });
      expect([proxy.cuts, client.begun]).toEqual([3, 1]);
      await expectStoredOnce(server.url, session, source);
    } finally {
      await server.stop();
    }
  });
});
