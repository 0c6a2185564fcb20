import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { onCluster } from "../harness/engines.ts";
import { startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { startWebhookReceiver } from "../harness/webhook-receiver.ts";

/** The number of events that are sent to one endpoint at a time. */
const places = onCluster ? 4 : 8;

// The soak also waits for the events under way, which another worker takes over when the dead worker's lease ends.
test("events that a server killed with kill -9 had not begun to send are sent by the next one at once", async () => {
  const hanging = new Set<ServerResponse>();
  let answers = false;
  const receiver = await startWebhookReceiver((_webhook, response) => {
    if (answers) response.end();
    else hanging.add(response);
  });
  await withTemporaryFolder(async (dataDir) => {
    const flags = ["--webhook-url", receiver.url, "--allow-private-networks"];
    const first = await startServerProcess({ dataDir, flags });
    const uploads = Array.from({ length: 12 }, (_, index) =>
      uploadBasic(first.url, "hello", { fileName: `${index}.txt` }),
    );
    const stored = (await Promise.all(uploads)).map(({ body }) => body.fileId as string);
    // All places are taken, so the dying worker has claimed no other event that would have to wait for its lease.
    await expect.poll(() => hanging.size).toBe(places);
    await first.kill();
    const begun = new Set(receiver.received.map(({ event }) => event.data.fileId));
    answers = true;
    const waiting = stored.filter((fileId) => !begun.has(fileId));
    expect(waiting).toHaveLength(stored.length - places);
    const second = await startServerProcess({ dataDir, flags });
    try {
      const told = () => receiver.received.filter(({ event }) => waiting.includes(event.data.fileId)).length;
      await expect.poll(told).toBe(waiting.length);
    } finally {
      await second.stop();
    }
  }).finally(() => receiver.close());
});
