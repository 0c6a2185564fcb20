import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { root, sluiceCommand } from "./launch.ts";

export interface WorkerProcess {
  readonly process: ChildProcess;
  /** Ends the worker by a signal. @returns once it has ended */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `sluice worker` in a process of its own, and waits until it runs jobs. The caller must end it. */
export async function startWorkerProcess(
  flags: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [...sluiceCommand, "worker", ...flags], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("is running jobs")) resolve();
    });
  }
  const early = exited.then(() => Promise.reject(new Error(`the worker ended before it was ready:\n${output}`)));
  await Promise.race([ready, early]);
  early.catch(() => undefined);
  return {
    process: child,
    async end(signal) {
      child.kill(signal);
      await exited;
    },
  };
}
