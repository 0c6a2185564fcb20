import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, onCluster, storageUrl } from "./engines.ts";

/** Runs the function with a temporary folder, and removes the folder afterwards. */
export async function withTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-acceptance-"));
  try {
    return await use(folder);
  } finally {
    await dropEngines(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The spool files of uploads in progress. The `.owner` files, which mark the process they belong to, are left out. */
export async function spoolFiles(dataDir: string): Promise<string[]> {
  const names = await readdir(join(dataDir, "spool"));
  return names.filter((name) => !name.endsWith(".owner"));
}

/** Paths of the stored blobs; on S3 their keys. */
export async function blobFiles(dataDir: string): Promise<string[]> {
  if (onCluster) return (await objects(dataDir)).filter((key) => !key.includes(sharedFolder));
  const entries = await readdir(join(dataDir, "blobs"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The part of the bucket where nodes share the derived images they have rendered. */
const sharedFolder = "/derived/";

/** Keys of the derived images that nodes share. A single server on a local folder shares none. */
export async function sharedImages(dataDir: string): Promise<string[]> {
  return onCluster ? (await objects(dataDir)).filter((key) => key.includes(sharedFolder)) : [];
}

async function objects(dataDir: string): Promise<string[]> {
  return (await import("../../../scripts/services/bucket.ts")).listObjects(storageUrl(dataDir));
}

/** Lists the files that hold unfinished blobs. */
export async function partialFiles(dataDir: string): Promise<string[]> {
  const entries = await readdir(join(dataDir, "blobs", "partial"), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
