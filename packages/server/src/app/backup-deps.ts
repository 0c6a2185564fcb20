import { join } from "node:path";
import type { BackupDeps, RestoreDeps } from "../backup/deps.ts";
import { RestoreMarker } from "../backup/restore-marker.ts";
import type { Config } from "../config/config.ts";
import { migrationNames } from "../database/migrations/migrate.ts";
import { Spool } from "../spool/spool.ts";
import { dumpedJobNames } from "./jobs.ts";
import { openBlobStore } from "./open-blob-store.ts";
import { openLoad, openSnapshot } from "./open-dump.ts";
import type { Parts } from "./parts.ts";

/** Gathers the parts that a backup of an opened library needs. */
export function backupDeps(config: Config, { database, blobs }: Pick<Parts, "database" | "blobs">): BackupDeps {
  return { database, blobs, openSnapshot: () => openSnapshot(config), jobNames: dumpedJobNames, now: Date.now };
}

/**
 * Opens the places of a new library. Its database appears with the restore.
 * @throws ConfigError, StorageError; the signal's reason
 */
export async function openRestoreDeps(
  config: Config,
  prepareFolder: (folder: string) => Promise<void>,
  signal: AbortSignal,
): Promise<RestoreDeps & { close(): Promise<void> }> {
  const blobs = await openBlobStore(config, prepareFolder, signal);
  const spool = await Spool.open(join(config.dataDir, "spool"));
  const marker = new RestoreMarker(join(config.dataDir, "restore-under-way"));
  return {
    ...{ blobs, spool, marker, migrationNames, jobNames: dumpedJobNames, now: Date.now },
    openLoad: (migration) => openLoad(config, migration, signal),
    async close() {
      await spool.close();
      await blobs.close();
    },
  };
}
