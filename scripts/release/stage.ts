import { rmSync } from "node:fs";
import { mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";

/**
 * Runs a task with an empty folder inside this one, and removes that folder afterwards, also where the process exits
 * meanwhile. What the task renames from there appears as a whole, because both folders are on one file system.
 */
export async function withStage<Value>(folder: string, task: (stage: string) => Promise<Value>): Promise<Value> {
  await mkdir(folder, { recursive: true });
  const stage = await mkdtemp(join(folder, ".packing-"));
  const remove = (): void => rmSync(stage, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await task(stage);
  } finally {
    process.off("exit", remove);
    remove();
  }
}
