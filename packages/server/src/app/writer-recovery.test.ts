import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Worker } from "node:worker_threads";
import { createUploadToken } from "@sluice/token";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkConsistency } from "../maintenance/fsck.ts";
import { createSluice } from "./app.ts";
import { openParts } from "./parts.ts";
import type { Sluice } from "./sluice.ts";

let folder: string;
let sluice: Sluice;
let writer: Worker;
/** Called when the writer is given work. */
let onWork: () => void;
const onWorker = (worker: Worker): void => {
  writer = worker;
  const post = worker.postMessage.bind(worker);
  worker.postMessage = (message: unknown) => {
    post(message);
    onWork();
  };
};
beforeEach(async () => {
  onWork = () => undefined;
  process.on("worker", onWorker);
  folder = await mkdtemp(join(tmpdir(), "sluice-writer-"));
  sluice = await createSluice({ port: 0, dataDir: folder });
  await sluice.listen();
});
afterEach(async () => {
  process.off("worker", onWorker);
  await sluice.close();
  await rm(folder, { recursive: true, force: true });
});

async function upload(fileName: string) {
  const fields = { fileName, useUniqueFileName: "false" };
  const token = await createUploadToken({ fileName, useUniqueFileName: false }, { ...sluice.keys, expiresIn: 600 });
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, token })) form.append(name, value);
  form.append("file", new Blob([`content of ${fileName}`]), fileName);
  const answer = await fetch(`${sluice.url}/api/v2/files/upload`, { method: "POST", body: form });
  const { reason, url = "" } = (await answer.json()) as { reason?: string; url?: string };
  return { status: answer.status, retry: answer.headers.get("x-should-retry"), reason, url };
}

test("while the writer's thread ends again and again under load, nothing acknowledged is lost and nobody guesses", async () => {
  const stored: { readonly url: string; readonly content: string }[] = [];
  let refused = 0;
  let stop = false;
  const uploadOn = async (client: number): Promise<void> => {
    for (let count = 0; !stop; count++) {
      const fileName = `${client}-${count}.txt`;
      const { status, reason, retry, url } = await upload(fileName);
      if (status === 200) stored.push({ url, content: `content of ${fileName}` });
      else {
        refused++;
        expect({ status, reason, retry }).toEqual({ status: 503, reason: "OUTCOME_UNKNOWN", retry: "false" });
      }
    }
  };
  const endWriters = async (): Promise<void> => {
    // The promise is only tested once a thread that ended took uploads with it. A sixth thread within a minute would not
    // be started.
    for (let count = 0; count < 3 || (refused === 0 && count < 5); count++) {
      await sleep(300);
      const before = writer;
      await new Promise<unknown>((resolve) => {
        onWork = () => resolve(before.terminate());
      });
      onWork = () => undefined;
      await expect.poll(() => writer).not.toBe(before);
      await expect.poll(async () => (await fetch(`${sluice.url}/health`)).status).toBe(200);
    }
  };
  await Promise.all([
    ...Array.from({ length: 8 }, (_, client) => uploadOn(client)),
    endWriters().finally(() => {
      stop = true;
    }),
  ]);
  expect(stored.length).toBeGreaterThan(10);
  expect(refused).toBeGreaterThan(0);
  for (const { url, content } of stored) expect(await (await fetch(url)).text()).toBe(content);
  await sluice.close();
  const parts = await openParts(sluice.config);
  try {
    const report = await checkConsistency(parts, { deep: true }, AbortSignal.timeout(20_000));
    expect(report.problems).toEqual([]);
    expect(report.files).toBeGreaterThanOrEqual(stored.length);
  } finally {
    await parts.close();
  }
});
