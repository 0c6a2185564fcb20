import { findKeysOfSessions } from "../database/repositories/open-sessions.ts";
import type { MaintenanceNeeds } from "./needs.ts";

const pageSize = 500;

/** @returns the keys of bytes that no session has */
export async function findOrphanedPieces(
  { blobs, database }: Pick<MaintenanceNeeds, "blobs" | "database">,
  signal: AbortSignal,
): Promise<string[]> {
  const orphaned: string[] = [];
  let keys: string[] = [];
  const flush = async (): Promise<void> => {
    const owned = await findKeysOfSessions(database.reader, keys);
    orphaned.push(...keys.filter((key) => !owned.has(key)));
    keys = [];
  };
  for await (const { key } of blobs.partial.list(signal)) {
    if (keys.push(key) >= pageSize) await flush();
  }
  await flush();
  return orphaned;
}
