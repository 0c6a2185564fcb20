import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { CommandResult } from "./command.ts";
import { engineSettingsFor } from "./engines.ts";
import { programFlags } from "./launch.ts";
import type { HostOrder, HostReport } from "./program-host.ts";

/** A `sluice` command that runs in a process that it shares with others. */
export interface ProgramInHost {
  /** The result, once the command has ended. */
  readonly ended: Promise<CommandResult>;
  /** Calls the listener with each piece of the output, on stdout and stderr. */
  onOutput(listener: (text: string) => void): void;
  /** Tells the command to end, as SIGTERM does a process of its own. */
  shutDown(): void;
}

type Role = "commands" | "servers";

/** A command that a test runs beside a server is in another process than the server, as an operator's is. */
const hosts = new Map<Role, ChildProcess>();
let orders = 0;

/**
 * Runs a `sluice` command in a process that the test files of this process share. A process of its own takes ten times
 * the processor time, which a command that is not itself the subject of a test can spare.
 */
export function sluiceInHost(args: readonly string[]): Promise<CommandResult> {
  return runInHost("commands", args, engineSettingsFor(args)).ended;
}

/** Runs a `sluice` command in the process that is shared by those of its role, which is started where there is none. */
export function runInHost(
  role: Role,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): ProgramInHost {
  const child = hosts.get(role) ?? startHost(role);
  orders += 1;
  const id = orders;
  const output = { stdout: "", stderr: "" };
  const { promise: ended, resolve, reject } = Promise.withResolvers<CommandResult>();
  let listener: (text: string) => void = () => undefined;
  const onReport = (report: HostReport): void => {
    if (report.id !== id) return;
    if ("code" in report) {
      resolve({ code: report.code, ...output });
    } else {
      output[report.stream] += report.text;
      listener(report.text);
    }
  };
  const onExit = () => reject(new Error(`the process of the ${role} ended during sluice ${args.join(" ")}`));
  child.setMaxListeners(0).on("message", onReport).once("exit", onExit);
  child.send({ id, run: args, environment } satisfies HostOrder);
  // The process keeps this one from ending only while somebody waits for a result.
  hold(child);
  const release = () => {
    child.off("message", onReport).off("exit", onExit);
    letGo(child);
  };
  void ended.then(release, release);
  return {
    ended,
    onOutput(given) {
      listener = given;
    },
    shutDown: () => void child.send({ id, shutdown: true } satisfies HostOrder),
  };
}

const held = new Map<ChildProcess, number>();

function hold(child: ChildProcess): void {
  held.set(child, (held.get(child) ?? 0) + 1);
  child.ref();
  child.channel?.ref();
}

function letGo(child: ChildProcess): void {
  const left = (held.get(child) ?? 1) - 1;
  held.set(child, left);
  if (left > 0) return;
  child.unref();
  child.channel?.unref();
}

function startHost(role: Role): ChildProcess {
  const child = fork(fileURLToPath(new URL("program-host.ts", import.meta.url)), {
    execArgv: [...programFlags],
    // What it prints itself must not be taken for a line of vitest's.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  hosts.set(role, child);
  void once(child, "exit").then(() => {
    if (hosts.get(role) === child) hosts.delete(role);
  });
  return child;
}
