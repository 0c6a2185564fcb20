import { readFileSync, writeFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { coreBusy, processCpu, residentMemory } from "../process/procfs.ts";
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
  const before = residentMemory(server.pid);
  forgetPeak(server.pid);
  process.kill(server.pid, "SIGUSR2");
  const serverCpu = processCpu(server.pid);
  const clientCpu = process.cpuUsage();
  const busy = coreBusy(server.core);
  const { latencies, seconds } = await driver.run(measured);
  const serverUsed = processCpu(server.pid) - serverCpu;
  const clientUsed = process.cpuUsage(clientCpu);
  const { peak } = residentMemory(server.pid);
  return {
    uploads: latencies.length,
    seconds,
    latency: { p50: percentile(latencies, 0.5) / 1000, p99: percentile(latencies, 0.99) / 1000 },
    serverCpu: serverUsed,
    clientCpu: (clientUsed.user + clientUsed.system) / 1e6,
    othersCpu: Math.max(0, coreBusy(server.core) - busy - serverUsed),
    memory: { before: before.now, peak, peakEver: Math.max(before.peak, peak) },
  };
}

/** Makes Linux count a process's peak of resident memory from here on. */
function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
