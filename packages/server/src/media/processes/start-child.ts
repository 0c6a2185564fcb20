import { type ChildProcess, spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";
import { moduleBeside } from "./module-beside.ts";
import { searchPath } from "./sandbox.ts";

/** The variable by which a process finds its program compiled, where this process does. */
function compileCache(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: folder };
}

const program = fileURLToPath(moduleBeside("./child-main", import.meta.url));

const condition = "--conditions=sluice-source";
/** A checkout that nobody has built has its optional packages as sources, also where the server is a bundle. */
const flags =
  program.endsWith(".ts") || process.execArgv.includes(condition)
    ? [condition, "--disable-warning=ExperimentalWarning"]
    : [];

/**
 * Starts the program that decodes, without an environment.
 * @param command runs the program behind a sandbox
 * @param folder is for temporary files
 */
export function startChild(command: readonly string[], folder: string): ChildProcess {
  const [first = "", ...args] = [...command, process.execPath, ...flags, program];
  return spawn(first, args, {
    stdio: ["ignore", "ignore", "pipe", "overlapped"],
    env: { ...(command.length > 0 && searchPath()), TMPDIR: folder, ...compileCache() },
    cwd: folder,
    // A signal for the server's group isn't for this process, and what this process starts is ended with it.
    detached: true,
  });
}
