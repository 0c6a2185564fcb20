import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { Driver, latencyOf } from "./drive.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";
import { fields, makeFiller, UploadBody } from "./upload-body.ts";
import { mintTokens } from "./upload-token.ts";
import { watchServer } from "./watch-server.ts";

// Runs as a separate process, so that its work is on its own core. It prepares everything before the clock runs.

const plan: LoadPlan = JSON.parse(await text(process.stdin));
const { server, protocol, fileBytes, warmUp, measured } = plan;
const picture = readFileSync(plan.picturePath);
const allFields = { ...fields, ...plan.fields };
const tokens = mintTokens(warmUp.uploads + measured.uploads, allFields, plan.keys);
const sampleToken = tokens[0] ?? "";
const filler = makeFiller();
const bodies = Array.from(
  { length: plan.atOnce },
  () => new UploadBody({ protocol, fields: allFields, picture, fileBytes, sampleToken, filler }),
);
const driver = new Driver({ port: server.port, protocol, fileBytes }, bodies, tokens);
try {
  await driver.run(warmUp);
  process.stdout.write(JSON.stringify(await measure()));
} finally {
  driver.close();
}

async function measure(): Promise<LoadResult> {
  const [{ latencies, seconds }, usage] = await watchServer(plan, () => driver.run(measured));
  return { uploads: latencies.length, seconds, latency: latencyOf(latencies), ...usage };
}
