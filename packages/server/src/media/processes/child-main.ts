import { writeFileSync } from "node:fs";
import { Peer } from "../../ipc/peer.ts";
import { MediaError } from "../media-error.ts";
import { AskedPictures } from "./child/asked-pictures.ts";
import { doTask } from "./child/do-task.ts";
import type { ChildCalls, ParentCalls, TaskAnswer } from "./child-calls.ts";
import { openParentsPort } from "./child-port.ts";

// A process that decodes strangers' bytes. It holds no keys and no connections, and may be ended at any moment.

// Where memory is short, the system ends this process before all others.
try {
  if (process.platform === "linux") writeFileSync("/proc/self/oom_score_adj", "1000");
} catch {
  // Not every container lets a process say that.
}
// Nobody reads what this process says once it has started.
process.stderr.on("error", () => undefined);
// Signals to the server aren't for this process, nor is the one that restarts its workers. Without the server it has
// nothing to do, and native work would hold up an orderly end.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"] as const) process.on(name, () => undefined);
const end = (): void => void process.kill(process.pid, "SIGKILL");
const port = openParentsPort(end);
port.on("disconnect", end);

const pictures = new AskedPictures();
let stopping = new AbortController();

const calls: ChildCalls = {
  async run({ name, input }): Promise<TaskAnswer> {
    void parent.call("begun", undefined).catch(() => undefined);
    stopping = new AbortController();
    const before = process.cpuUsage();
    const cpuMs = (): number => {
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    try {
      return { value: await doTask(name, input, { parent, pictures, signal: stopping.signal }), cpuMs: cpuMs() };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      return { refused: { code: error.code, message: error.message }, cpuMs: cpuMs() };
    }
  },
  stop: async () => stopping.abort(new Error("nobody waits for the task")),
  askedPicture: async () => pictures.png(),
};

const parent = new Peer<ParentCalls>(port, calls);
void parent.call("ready", undefined);
