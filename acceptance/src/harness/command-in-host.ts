import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CommandResult } from "./command.ts";
import type { CommandOrder, CommandReport } from "./command-host.ts";
import { engineSettingsFor } from "./engines.ts";

let host: ChildProcess | undefined;
let orders = 0;

/**
 * Runs a `sluice` command in a process that the test files of this process share. A process of its own takes ten times
 * the processor time, which a command that is not itself the subject of a test can spare.
 */
export async function sluiceInHost(args: readonly string[]): Promise<CommandResult> {
  host ??= startHost();
  const child = host;
  orders += 1;
  const order: CommandOrder = { id: orders, args, environment: engineSettingsFor(args) };
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const onReport = (report: CommandReport) => report.id === order.id && resolve(report.result);
  const onExit = () => reject(new Error(`the process of the commands ended during sluice ${args.join(" ")}`));
  child.on("message", onReport).once("exit", onExit);
  child.ref();
  child.channel?.ref();
  try {
    child.send(order);
    return await promise;
  } finally {
    child.off("message", onReport).off("exit", onExit);
    child.unref();
    child.channel?.unref();
  }
}

function startHost(): ChildProcess {
  const child = fork(fileURLToPath(new URL("command-host.ts", import.meta.url)), {
    execArgv: ["--conditions=sluice-source"],
    // What it prints must not be taken for a line of vitest's.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  void once(child, "exit").then(() => {
    if (host === child) host = undefined;
  });
  return child;
}
