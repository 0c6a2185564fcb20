import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropEngines, onCluster, storageUrl } from "./engines.ts";

/** A folder that goes when the function is over. */
export async function withTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-acceptance-"));
  try {
    return await use(folder);
  } finally {
    await dropEngines(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/** The uploads in progress that have reached the disk, apart from the mark of the process that they belong to. */
export async function spoolFiles(dataDir: string): Promise<string[]> {
  const names = await readdir(join(dataDir, "spool"));
  return names.filter((name) => !name.endsWith(".owner"));
}

/** Paths of the stored contents; on S3 their keys. */
export async function blobFiles(dataDir: string): Promise<string[]> {
  if (onCluster) return (await objects(dataDir)).filter((key) => !key.includes(sharedFolder));
  const entries = await readdir(join(dataDir, "blobs"), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** In the bucket, where nodes leave each other what they have made. */
const sharedFolder = "/derived/";

/** Keys of the images that nodes share; a folder of one server shares none. */
export async function sharedImages(dataDir: string): Promise<string[]> {
  return onCluster ? (await objects(dataDir)).filter((key) => key.includes(sharedFolder)) : [];
}

async function objects(dataDir: string): Promise<string[]> {
  return (await import("../../../scripts/services/bucket.ts")).listObjects(storageUrl(dataDir));
}
