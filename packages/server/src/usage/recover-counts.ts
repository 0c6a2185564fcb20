import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../storage/storage-error.ts";
import { countedIn, isKey } from "./counted.ts";
import { readCounterFile } from "./counter-file.ts";
import type { UsageTotal } from "./usage-transactions.ts";

/** A process that runs touches its file every few seconds. */
const endedAfterMs = 60_000;

/**
 * Records what the files of other processes hold, and removes the files of those that have ended. Recording the totals
 * of a process that still runs does no harm, since totals only replace smaller ones. A start records all of them, since a
 * process that was killed just now can't be told from one that runs.
 */
export async function recoverCounts(
  folder: string,
  { which, except }: { readonly which: "all" | "ended"; readonly except: string },
  record: (source: string, counts: readonly UsageTotal[]) => Promise<void>,
): Promise<void> {
  for (const name of await readdir(folder).catch(namesOfNone)) {
    const source = /^([\w-]+)\.counts$/.exec(name)?.[1];
    if (source === undefined || source === except) continue;
    const path = join(folder, name);
    const state = await stat(path).catch(() => undefined);
    const hasEnded = state !== undefined && Date.now() - state.mtimeMs > endedAfterMs;
    if (which === "ended" && !hasEnded) continue;
    const kept = await readCounterFile(path).catch(() => undefined);
    // Another process may have recovered it meanwhile.
    if (kept === undefined) continue;
    const counts = kept
      .filter(({ key }) => isKey(key))
      .map(({ key, requests, bytes }) => ({ ...countedIn(key), requests, bytes }));
    await record(source, counts);
    if (hasEnded) await rm(path, { force: true });
  }
}

function namesOfNone(error: unknown): string[] {
  if (errnoOf(error) === "ENOENT") return [];
  throw error;
}
