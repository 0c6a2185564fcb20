import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { startWebhookReceiver } from "../harness/webhook-receiver.ts";

const rounds = 5;
/** Time for the leases to end, for the check for expired leases, and for a few retries. */
const patience = { timeout: 240_000, interval: 500 };

test("every event arrives, whatever the receiver does and however often the server is killed", {
  timeout: 400_000,
}, async () => {
  let troubled = true;
  const receiver = await startWebhookReceiver((_webhook, response) => {
    const chance = troubled ? Math.random() : 1;
    if (chance < 0.15) response.writeHead(500).end();
    else if (chance < 0.3) response.destroy();
    else if (chance < 0.35) return;
    else response.end();
  });
  await withTemporaryFolder(async (dataDir) => {
    const flags = ["--webhook-url", receiver.url, "--allow-private-networks"];
    const stored = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const server = await startServerProcess({ dataDir, flags });
      const until = performance.now() + 500 + Math.random() * 2000;
      const client = async (name: number): Promise<void> => {
        for (let index = 0; performance.now() < until + 1000; index++) {
          const answer = await uploadBasic(server.url, "hello", { fileName: `${round}-${name}-${index}.txt` });
          if (answer.status === 200) stored.add(answer.body.fileId);
        }
      };
      const clients = [1, 2, 3, 4].map((name) => client(name).catch(() => undefined));
      await sleep(until - performance.now());
      await server.kill();
      await Promise.all(clients);
    }
    troubled = false;
    const server = await startServerProcess({ dataDir, flags });
    try {
      const missing = () => {
        const told = new Set(receiver.received.map(({ event }) => event.data.fileId));
        return [...stored].filter((fileId) => !told.has(fileId)).length;
      };
      await expect.poll(missing, patience).toBe(0);
      // A repeated event is the same one, so a receiver that goes by its id does nothing twice.
      const idsOf = Map.groupBy(receiver.received, ({ event }) => event.data.fileId);
      for (const webhooks of idsOf.values()) {
        expect(new Set(webhooks.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
        expect(new Set(webhooks.map(({ body }) => body)).size).toBe(1);
      }
    } finally {
      await server.stop();
    }
  }).finally(() => receiver.close());
});
