import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Driver, latencyOf } from "../load/drive.ts";
import { fields, makeFiller, UploadBody } from "../load/upload-body.ts";
import { mintTokens } from "../load/upload-token.ts";
import { watchServer } from "../load/watch-server.ts";
import { percentile } from "../report/statistics.ts";
import { Asker } from "./asker.ts";
import type { DeliveryPlan, DeliveryResult } from "./plan.ts";

// Runs as a separate process, so that its work is on its own core.

const plan: DeliveryPlan = JSON.parse(await text(process.stdin));
const { server, upload, asks, stores, warmUp, measured } = plan;
if (upload !== undefined) await store(upload);
const asker = asks && new Asker(server.port, asks);
process.stdout.write(JSON.stringify(await (stores === undefined ? measureAnswers() : measureUploads(stores))));
asker?.close();

async function measureAnswers(): Promise<DeliveryResult> {
  if (asker === undefined) throw new Error("there is nothing to ask for");
  await asker.run(warmUp);
  const [{ latencies, sizes, statuses, seconds }, usage] = await watchServer(plan, () => asker.run(measured));
  const latency = latencyOf(latencies);
  return { done: latencies.length, stored: false, seconds, latency, statuses, bytes: percentile(sizes, 0.5), ...usage };
}

/** Measures uploads. If the plan asks for pictures, they are requested the whole time. */
async function measureUploads({
  picturePath,
  fileBytes,
  atOnce,
}: NonNullable<DeliveryPlan["stores"]>): Promise<DeliveryResult> {
  const tokens = mintTokens(warmUp.uploads + measured.uploads, fields, plan.keys);
  const [sampleToken = ""] = tokens;
  const picture = readFileSync(picturePath);
  const filler = makeFiller();
  const bodies = Array.from(
    { length: atOnce },
    () => new UploadBody({ protocol: "form", picture, fileBytes, sampleToken, filler }),
  );
  const driver = new Driver({ port: server.port, protocol: "form", fileBytes }, bodies, tokens);
  const enough = new AbortController();
  const asking = asker?.run({ seconds: Infinity, uploads: Infinity }, enough.signal);
  await driver.run(warmUp);
  const [{ latencies, seconds }, usage] = await watchServer(plan, () => driver.run(measured));
  enough.abort();
  driver.close();
  const { statuses = {}, sizes = [] } = (await asking) ?? {};
  const latency = latencyOf(latencies);
  return { done: latencies.length, stored: true, seconds, latency, statuses, bytes: percentile(sizes, 0.5), ...usage };
}

async function store({ picturePath, fileName }: NonNullable<DeliveryPlan["upload"]>): Promise<void> {
  const form = new FormData();
  form.set("fileName", fileName);
  form.set("useUniqueFileName", "false");
  form.set("file", new Blob([readFileSync(picturePath)]), fileName);
  const authorization = `Basic ${Buffer.from(`${plan.keys.privateKey}:`).toString("base64")}`;
  const url = `http://127.0.0.1:${server.port}/api/v2/files/upload`;
  const answer = await fetch(url, { method: "POST", headers: { authorization }, body: form });
  if (!answer.ok) throw new Error(`the picture was answered ${answer.status}: ${await answer.text()}`);
}
