import { readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { readTrace, tracedCalls } from "../durability/trace/read-trace.ts";
import type { Trace } from "../durability/trace/trace.ts";
import { problemOf } from "./needs.ts";
import { type ServerProcess, startServerProcess } from "./server.ts";

export interface TracedServer extends ServerProcess {
  /** The system calls of the server. Resolves once the server has ended. */
  readTrace(): Promise<Trace>;
}

/** Returns the reason why this machine can't trace a program; undefined if it can. */
export function straceProblem(): string | undefined {
  return problemOf("strace", ["-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "true"]);
}

/** Starts a server and records its work on files and sockets in the file `log`. */
export async function startTracedServer(dataDir: string, log: string): Promise<TracedServer> {
  const server = await startServerProcess({
    dataDir,
    // With -D the started process becomes the server itself. Signals reach the server, and strace ends with it.
    through: [
      ...["strace", "-D", "-f", "-yy", "--seccomp-bpf", "-e", `trace=${tracedCalls.map((call) => `?${call}`)}`],
      ...["-e", "signal=SIGKILL", "-s", String(64 * 1024 * 1024), "-o", log, "--"],
    ],
    // File operations that went through io_uring would be invisible.
    environment: { UV_USE_IO_URING: "0" },
  });
  return {
    ...server,
    async readTrace() {
      await server.exited;
      return readTrace(await readEnded(log));
    },
  };
}

/** Waits for the whole log, because strace writes its last lines after the traced processes have ended. */
async function readEnded(log: string): Promise<string> {
  for (const deadline = performance.now() + 10_000; performance.now() < deadline; await wait(20)) {
    const output = await readFile(log, "latin1");
    if (output.endsWith("+++\n") && everyThreadEnded(output)) return output;
  }
  throw new Error("strace has not ended");
}

function everyThreadEnded(output: string): boolean {
  const threads = new Set(output.match(/^\d+(?= )/gm));
  for (const [, thread = ""] of output.matchAll(/^(\d+) +\+\+\+ .* \+\+\+$/gm)) threads.delete(thread);
  return threads.size === 0;
}
