import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { coreBusy, forgetPeak, processCpu, processFamily, residentMemory } from "../process/procfs.ts";
import { percentile } from "../report/statistics.ts";
import { Driver } from "./drive.ts";
import type { LoadPlan, LoadResult } from "./plan.ts";
import { fields, makeFiller, UploadBody } from "./upload-body.ts";
import { mintTokens } from "./upload-token.ts";

// A process of its own, so that its work is on its own core. Everything is made before the clock runs.

const plan: LoadPlan = JSON.parse(await text(process.stdin));
const { server, protocol, fileBytes, warmUp, measured } = plan;
const picture = readFileSync(plan.picturePath);
const tokens = mintTokens(warmUp.uploads + measured.uploads, fields, plan.keys);
const sampleToken = tokens[0] ?? "";
const filler = makeFiller();
const bodies = Array.from(
  { length: plan.atOnce },
  () => new UploadBody({ protocol, picture, fileBytes, sampleToken, filler }),
);
const driver = new Driver({ port: server.port, protocol, fileBytes }, bodies, tokens);
try {
  await driver.run(warmUp);
  process.stdout.write(JSON.stringify(await measure()));
} finally {
  driver.close();
}

async function measure(): Promise<LoadResult> {
  const pids = processFamily(server.pid);
  const before = residentMemory(pids);
  forgetPeak(pids);
  for (const pid of pids) process.kill(pid, "SIGUSR2");
  const serverCpu = processCpu(pids);
  const clientCpu = process.cpuUsage();
  const busy = { server: coreBusy(server.core), client: coreBusy(plan.core) };
  const { latencies, seconds } = await driver.run(measured);
  const serverUsed = processCpu(pids) - serverCpu;
  const used = process.cpuUsage(clientCpu);
  const clientUsed = (used.user + used.system) / 1e6;
  const { peak } = residentMemory(pids);
  return {
    uploads: latencies.length,
    seconds,
    latency: { p50: percentile(latencies, 0.5) / 1000, p99: percentile(latencies, 0.99) / 1000 },
    serverCpu: serverUsed,
    clientCpu: clientUsed,
    othersCpu: Math.max(0, coreBusy(server.core) - busy.server - serverUsed),
    besideClientCpu: Math.max(0, coreBusy(plan.core) - busy.client - clientUsed),
    memory: { before: before.now, peak, peakEver: Math.max(before.peak, peak) },
  };
}
