import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { searchPath } from "./sandbox.ts";

const maxMs = 10_000;

/** What a program of the system says of itself; undefined where it isn't there, fails, or hangs. It reads nothing. */
export async function programOutput(program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(program, [...args], { timeout: maxMs, killSignal: "SIGKILL", env: searchPath() });
    return stdout;
  } catch {
    return undefined;
  }
}

const run = promisify(execFile);
