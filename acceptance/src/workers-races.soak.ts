import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { expectRefusal } from "./harness/expectations.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { metricsOf } from "./harness/worker-processes.ts";

const workers = 4;
/** Time for 20,000 uploads beside other tests, on a machine that may be busy. */
vi.setConfig({ testTimeout: 300_000 });
let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--workers", String(workers), "--log-level", "error"] });
});
afterAll(() => server?.stop());

/** Runs the task for each item, `lanes` at a time. */
async function forEach<Item>(items: readonly Item[], lanes: number, task: (item: Item) => Promise<void>) {
  const waiting = items.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of waiting) await task(item);
    }),
  );
}

test("of 2,000 tokens, each presented 10 times at once, each is accepted exactly once, whichever processes see it", async ({
  annotate,
}) => {
  const [tokens, presentations] = [2000, 10];
  const fields = { fileName: "once.txt", folder: "/tokens" };
  const all = Array.from({ length: tokens }, () => mint(fields, { expiresIn: 600 }));
  let stored = 0;
  await forEach(all, 16, async (token) => {
    const answers = await Promise.all(
      Array.from({ length: presentations }, () => uploadWithToken(server.url, "hello", fields, token)),
    );
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(presentations - 1);
    for (const answer of refused) expectRefusal(answer, 400, "TOKEN_USED");
    stored += answers.length - refused.length;
  });
  expect(stored).toBe(tokens);
  const metrics = await metricsOf(server.url);
  expect(metrics.sum("sluice_uploads_total", { outcome: "stored" })).toBe(tokens);
  expect(metrics.sum("sluice_uploads_total", { outcome: "TOKEN_USED" })).toBe(tokens * (presentations - 1));
  const delays = metrics
    .samples("sluice_event_loop_delay_seconds")
    .filter(({ labels }) => labels.percentile === "99.9");
  await annotate(`commits ${JSON.stringify(metrics.samples("sluice_commits_total").map(flat))}`);
  await annotate(`event loop delay, p99.9 ${JSON.stringify(delays.map(flat))}`);
  expectEveryWorkerCommitted(metrics.samples("sluice_commits_total"));
});

const flat = ({ labels, value }: { labels: Readonly<Record<string, string>>; value: number }) => [
  labels.process,
  value,
];

/**
 * Expects that no process idles: each has at least a quarter of an equal share, even on a machine with fewer cores than
 * processes.
 */
function expectEveryWorkerCommitted(samples: readonly { labels: Readonly<Record<string, string>>; value: number }[]) {
  const ofWorkers = samples.filter(({ labels }) => labels.process !== "supervisor");
  const total = ofWorkers.reduce((sum, { value }) => sum + value, 0);
  expect(ofWorkers).toHaveLength(workers);
  for (const { value } of ofWorkers) expect(value / total).toBeGreaterThan(0.25 / workers);
}

test("16 clients that overwrite one file 6 times each make 96 consecutive versions, none lost", async () => {
  const [clients, times] = [16, 6];
  const fields = { fileName: "one.txt", folder: "/versions", useUniqueFileName: "false" };
  const answers: Answer[] = [];
  await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      for (let time = 0; time < times; time++) {
        answers.push(await uploadBasic(server.url, `${client} ${time}`, fields));
      }
    }),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(clients * times).fill(200));
  const names = answers.map(({ body }) => body.versionInfo.name);
  const consecutive = Array.from({ length: clients * times }, (_, index) => `Version ${index + 1}`);
  expect(new Set(names)).toEqual(new Set(consecutive));
  const fileId = answers[0]?.body.fileId;
  const { body } = await call(server.url, "GET", `/v1/files/${fileId}/versions`);
  const listed = body.map(({ versionInfo }: { versionInfo: { name: string } }) => versionInfo.name);
  expect(listed).toEqual(consecutive.reverse());
});

test("what one process has stored, every other sees at once", async () => {
  for (let count = 0; count < 40; count++) {
    const { body } = await uploadBasic(server.url, `content ${count}`, { fileName: "seen.txt" });
    // Sent at once on several kept-alive connections, which lead to more than one process.
    const seen = await Promise.all(
      Array.from({ length: 4 }, () => call(server.url, "GET", `/v1/files/${body.fileId}/details`)),
    );
    expect(seen.map(({ status }) => status)).toEqual(Array(4).fill(200));
  }
});
