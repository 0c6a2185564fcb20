import { setTimeout as sleep } from "node:timers/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { deliver } from "../harness/deliver.ts";
import { noisePng } from "../harness/noise.ts";
import { startServerProcess } from "../harness/server.ts";
import { uploadBasic } from "../harness/upload.ts";
import { startWebhookReceiver } from "../harness/webhook-receiver.ts";

const rounds = 3;
/** Time for the leases to end, and for the check for expired leases, once per kill. */
const patience = { timeout: 180_000, interval: 500 };

const values = ["w-200", "w-100,f-png", "w-65000,h-65000"];
const transformation = JSON.stringify({
  pre: "w-300,f-webp",
  post: values.map((value) => ({ type: "transformation", value })),
});

test("what was to be made of an upload is made and told once, however often the server is killed meanwhile", {
  timeout: 300_000,
}, async () => {
  const receiver = await startWebhookReceiver();
  const picture = await noisePng(600, 400);
  await withTemporaryFolder(async (dataDir) => {
    const flags = ["--webhook-url", receiver.url, "--allow-private-networks"];
    /** The paths and sizes in the answers, by file id. */
    const stored = new Map<string, { readonly path: string; readonly size: number }>();
    for (let round = 0; round < rounds; round++) {
      const server = await startServerProcess({ dataDir, flags });
      const client = async (name: number): Promise<void> => {
        for (let index = 0; ; index++) {
          const fields = { fileName: `${round}-${name}-${index}.png`, useUniqueFileName: "false", transformation };
          const { status, body } = await uploadBasic(server.url, picture, fields);
          if (status === 200) stored.set(body.fileId, { path: body.filePath, size: body.size });
        }
      };
      const clients = [1, 2].map((name) => client(name).catch(() => undefined));
      await sleep(600 + Math.random() * 1200);
      await server.kill();
      await Promise.all(clients);
    }
    expect(stored.size).toBeGreaterThan(0);
    const server = await startServerProcess({ dataDir, flags });
    try {
      /** The outcome of each of a file's transformations, by file id. */
      const toldOf = () => {
        const told = receiver.received.filter(({ event }) => event.type.startsWith("upload."));
        const ofFiles = Map.groupBy(told, ({ event }) => event.data.fileId as string);
        const byTransformation = (webhooks: typeof told) =>
          Map.groupBy(webhooks, ({ event }) => JSON.stringify(event.request.transformation));
        return new Map([...ofFiles].map(([fileId, webhooks]) => [fileId, byTransformation(webhooks)]));
      };
      const missing = () => {
        const told = toldOf();
        return [...stored.keys()].filter((fileId) => told.get(fileId)?.size !== values.length + 1).length;
      };
      await expect.poll(missing, patience).toBe(0);
      for (const ends of toldOf().values()) {
        for (const same of ends.values()) expect(new Set(same.map(({ body }) => body)).size).toBe(1);
      }
      for (const { path, size } of stored.values()) {
        const original = await deliver(`${server.url}/demo${path}?tr=orig-true`);
        expect(original.bytes.length).toBe(size);
      }
      const [first] = stored.values();
      const made = await deliver(`${server.url}/demo${first?.path}?tr=w-100,f-png`);
      expect(await sharp(made.bytes).metadata()).toMatchObject({ format: "png", width: 100 });
    } finally {
      await server.stop();
    }
  }).finally(() => receiver.close());
});
