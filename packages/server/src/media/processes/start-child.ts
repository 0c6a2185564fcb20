import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { compileCache } from "./compile-cache.ts";
import { moduleBeside } from "./module-beside.ts";
import { searchPath } from "./sandbox.ts";

const program = fileURLToPath(moduleBeside("./child-main", import.meta.url));

/**
 * Starts the program that decodes, without an environment.
 * @param command runs the program behind a sandbox
 * @param folder is for temporary files
 */
export function startChild(command: readonly string[], folder: string): ChildProcess {
  const sources = program.endsWith(".ts")
    ? ["--conditions=sluice-source", "--disable-warning=ExperimentalWarning"]
    : [];
  const [first = "", ...args] = [...command, process.execPath, ...sources, program];
  return spawn(first, args, {
    stdio: ["ignore", "ignore", "pipe", "overlapped"],
    env: { ...(command.length > 0 && searchPath()), TMPDIR: folder, ...compileCache() },
    cwd: folder,
    // A signal for the server's group isn't for this process, and what this process starts is ended with it.
    detached: true,
  });
}
