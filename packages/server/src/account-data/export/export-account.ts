import { findAccount } from "../../database/repositories/accounts.ts";
import { version } from "../../observability/version.ts";
import type { ExportDeps } from "../deps.ts";
import { type ExportedFiles, exportFiles } from "./export-files.ts";
import { ExportFolder } from "./export-folder.ts";
import { type ExportedRows, exportRows } from "./export-rows.ts";
import { Manifest } from "./manifest.ts";

export interface AccountToExport {
  readonly imagekitId: string;
  /** A new or an empty folder. */
  readonly to: string;
  readonly onProgress?: (sofar: ExportedFiles) => void;
}

export interface AccountExport extends ExportedFiles, ExportedRows {
  /** The manifest's file name. */
  readonly manifest: string;
}

/**
 * Writes an account's rows and files into a folder, while anything else may go on. A row or a version that is there all
 * the time is in the export once. One that comes or goes meanwhile may be in it or not.
 * @returns undefined where there is no such account
 * @throws ConfigError when the folder is not empty; StorageError, DatabaseError; the signal's reason. There is no
 *   manifest then
 */
export async function exportAccount(
  services: ExportDeps,
  { imagekitId, to, onProgress = () => undefined }: AccountToExport,
  signal: AbortSignal,
): Promise<AccountExport | undefined> {
  const account = await findAccount(services.database.reader, { imagekit_id: imagekitId });
  if (account === undefined) return undefined;
  const folder = await ExportFolder.open(to);
  let manifest: Manifest | undefined;
  try {
    manifest = await Manifest.create(folder.path);
    const began = new Date(services.now()).toISOString();
    await manifest.add({ imagekitId, accountId: account.id, sluice: version, began });
    const rows = await exportRows(services, account.id, { folder, manifest }, signal);
    const toExport = { accountId: account.id, folder, paths: folder.paths, manifest, onProgress };
    const files = await exportFiles(services, toExport, signal);
    await folder.sync(signal);
    const ended = new Date(services.now()).toISOString();
    await manifest.add({ ended, ...rows, ...files });
    return { ...rows, ...files, manifest: await manifest.finish(files.problems === 0) };
  } finally {
    await manifest?.close();
    await folder.close();
  }
}
