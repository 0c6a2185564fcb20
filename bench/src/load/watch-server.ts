import { coreBusy, processCpu, processFamily, residentMemory, restartCounts } from "../process/procfs.ts";
import type { LoadPlan, Usage } from "./plan.ts";

/** Measures what the server and others use during `run`. It also restarts the count of the event loop's delay. */
export async function watchServer<Result>(
  { server, core }: Pick<LoadPlan, "server" | "core">,
  run: () => Promise<Result>,
): Promise<readonly [Result, Usage]> {
  const pids = processFamily(server.pid);
  const before = residentMemory(pids);
  for (const pid of pids) restartCounts(pid);
  const serverCpu = processCpu(pids);
  const clientCpu = process.cpuUsage();
  const busy = { server: coreBusy(server.core), client: coreBusy(core) };
  const result = await run();
  // Processes that decode come and go.
  const lasting = processFamily(server.pid);
  const serverUsed = processCpu(lasting) - serverCpu;
  const used = process.cpuUsage(clientCpu);
  const clientUsed = (used.user + used.system) / 1e6;
  // What was there at the beginning counts, whether it has ended since or not.
  const peak = Math.max(before.now, residentMemory(lasting).peak);
  const usage = {
    serverCpu: serverUsed,
    clientCpu: clientUsed,
    othersCpu: Math.max(0, coreBusy(server.core) - busy.server - serverUsed),
    besideClientCpu: Math.max(0, coreBusy(core) - busy.client - clientUsed),
    memory: { before: before.now, peak, peakEver: Math.max(before.peak, peak) },
  };
  return [result, usage];
}
