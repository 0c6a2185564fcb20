import { join } from "node:path";
import { expect, test } from "vitest";
import { sluice } from "../harness/command.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { fakeClock, fakeClockProblem } from "../harness/fake-clock.ts";
import { startServer } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { startWebhookReceiver } from "../harness/webhook-receiver.ts";
import { metricsOf } from "../harness/worker-processes.ts";

/** The longest wait between two attempts, in seconds. */
const maxWaitSeconds = 4 * 3600;
const attempts = 17;

test.skipIf(fakeClockProblem() !== undefined)(
  "a webhook that nobody takes is tried for a day, each time anew signed, and is then a dead letter that can be retried",
  { timeout: 400_000 },
  async () => {
    let status = 500;
    const receiver = await startWebhookReceiver((_webhook, response) => response.writeHead(status).end());
    await withTemporaryFolder(async (folder) => {
      const clock = await fakeClock(join(folder, "clock"), 0);
      const flags = ["--webhook-url", receiver.url, "--allow-private-networks"];
      const server = await startServer({ dataDir: join(folder, "data"), flags, environment: clock.environment });
      const jobs = (...args: string[]) => sluice(["jobs", ...args, "--data-dir", server.dataDir]);
      const ended = async () => (await metricsOf(server.url)).sum("sluice_jobs_total", { kind: "deliver-webhook" });
      try {
        const { body } = await uploadBasic(server.url, "hello", { fileName: "a.txt" });
        for (let attempt = 1; attempt <= attempts; attempt++) {
          // The wait for the next attempt starts when this attempt's end has been recorded.
          await expect.poll(ended).toBe(attempt);
          expect(receiver.received).toHaveLength(attempt);
          await clock.set(attempt * maxWaitSeconds);
        }
        await expect.poll(async () => (await jobs("list")).stdout).toContain("the status 500");
        expect(receiver.received).toHaveLength(attempts);
        const headers = receiver.received.map((webhook) => webhook.headers);
        expect(new Set(headers.map((header) => header["webhook-id"])).size).toBe(1);
        expect(new Set(headers.map((header) => header["webhook-timestamp"])).size).toBe(attempts);
        expect(new Set(headers.map((header) => header["webhook-signature"])).size).toBe(attempts);
        status = 200;
        expect((await jobs("retry", "--name", "deliver-webhook")).stdout).toBe("jobs to run again: 1\n");
        await expect.poll(() => receiver.received.length).toBe(attempts + 1);
        expect(receiver.received.at(-1)?.event).toMatchObject({ type: "file.created", data: { fileId: body.fileId } });
        await expect.poll(async () => (await jobs("list")).stdout).toBe("");
      } finally {
        await server.stop();
      }
    }).finally(() => receiver.close());
  },
);
