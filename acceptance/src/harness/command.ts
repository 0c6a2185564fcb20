import { spawn } from "node:child_process";
import { once } from "node:events";
import { engineSettingsFor } from "./engines.ts";
import { type LaunchOptions, root, sluiceCommand } from "./launch.ts";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end. A program that takes too long is killed. */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: LaunchOptions = {},
  timeout = 30_000,
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
    timeout,
    killSignal: "SIGKILL",
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, stdout, stderr };
}

/** Runs the `sluice` command. */
export function sluice(args: readonly string[], options: LaunchOptions = {}): Promise<CommandResult> {
  const environment = { ...engineSettingsFor(args), ...options.environment };
  return runProgram(process.execPath, [...sluiceCommand, ...args], { ...options, environment });
}
