import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { lockName, takeBuildLock } from "./build-lock.ts";
import { builtFolder, failureOf, findBuild } from "./find-build.ts";
import type { AppPlaces, AppSources } from "./places.ts";

export type BuildOutcome =
  | { readonly outcome: "built" | "built by another" | "nothing to build" | "no dev dependencies" }
  | { readonly outcome: "failed"; readonly problem: string };

/** The end of a failed build's output says what was wrong. */
const maxProblemLength = 4000;

/** No build takes longer. The folder of one whose server was killed is left behind, and its own process may go on. */
const maxBuildMs = 10 * 60_000;

/**
 * Builds the app of a checkout that nobody has built, in a process of its own. The build is put into the cache in one
 * step, beside the sources and never in the data folder.
 * @param begun called once the build begins
 * @throws the signal's reason
 */
export async function buildApp(
  places: AppPlaces,
  signal: AbortSignal,
  begun: () => void = () => undefined,
): Promise<BuildOutcome> {
  const { sources, cache } = places;
  const { state } = await findBuild(places);
  if (sources === undefined || cache === undefined || state === "built" || state === "absent") {
    return { outcome: "nothing to build" };
  }
  if (sources.builder(cache) === undefined) return { outcome: "no dev dependencies" };
  const giveBack = await takeBuildLock(cache);
  if (giveBack === undefined) return { outcome: "built by another" };
  let fresh: string | undefined;
  try {
    // Somebody may have built it just before.
    if ((await findBuild(places)).state === "built") return { outcome: "built by another" };
    const folder = await builtFolder(cache, sources);
    fresh = `${folder}.${randomBytes(6).toString("hex")}${unfinished}`;
    await rm(failureOf(folder), { force: true });
    begun();
    const problem = await buildInto(sources, fresh, signal);
    signal.throwIfAborted();
    if (problem !== undefined) {
      await writeFile(failureOf(folder), problem);
      return { outcome: "failed", problem };
    }
    await removeEarlier(cache);
    await rename(fresh, folder);
    return { outcome: "built" };
  } finally {
    if (fresh !== undefined) await rm(fresh, { recursive: true, force: true });
    giveBack();
  }
}

/** The end of the name of a folder that a build is still writing into. */
const unfinished = ".new";

/** Removes earlier builds, what is said of them, and folders of builds that have broken off. */
async function removeEarlier(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    if (name === lockName || (name.endsWith(unfinished) && !(await isOlder(path, maxBuildMs)))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function isOlder(path: string, ms: number): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > ms;
}

/** Builds the app into a folder, with this process's Node. @returns what was wrong; undefined if nothing was */
export async function buildInto(
  { workspace, builder }: AppSources,
  outDir: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const args = builder(outDir);
  if (args === undefined) return "what builds it is not installed";
  const child = spawn(process.execPath, args, { cwd: workspace, stdio: ["ignore", "pipe", "pipe"] });
  const stop = () => child.kill("SIGKILL");
  signal.addEventListener("abort", stop);
  try {
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output = (output + text).slice(-maxProblemLength);
      });
    }
    if (signal.aborted) stop();
    const ended = once(child, "close");
    // Requests go first: the server is in use meanwhile.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
    const [code] = await ended;
    return code === 0 ? undefined : output.trim() || `the build ended with ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
