import { type AccountRowValues, pageOfAccountRows } from "../../database/repositories/account-rows.ts";
import { countVersionsOf } from "../../database/repositories/files.ts";
import type { ErasureNeeds } from "../needs.ts";
import { rowsPerTransaction } from "./rows-per-transaction.ts";

/**
 * Erases the account's files with their versions. A file may have a hundred versions, so a transaction's size is
 * counted in versions.
 */
export async function eraseFiles(
  database: ErasureNeeds["database"],
  accountId: string,
  signal: AbortSignal,
): Promise<{ readonly files: number; readonly versions: number }> {
  let [files, versions] = [0, 0];
  for (let after: AccountRowValues | undefined; ; ) {
    const page = { after, limit: rowsPerTransaction };
    const rows = await pageOfAccountRows(database.reader, "files", accountId, page);
    const ids = rows.map(({ id }) => String(id));
    for (const fileIds of chunksOf(ids, await countVersionsOf(database.reader, ids))) {
      signal.throwIfAborted();
      const erased = await database.run("eraseAccountFiles", { accountId, fileIds });
      files += erased.files;
      versions += erased.versions;
    }
    if (rows.length < page.limit) return { files, versions };
    after = rows.at(-1);
  }
}

/** Groups files so that each group has about `rowsPerTransaction` versions. */
function* chunksOf(ids: readonly string[], counts: ReadonlyMap<string, number>): Generator<string[]> {
  let [chunk, versions]: [string[], number] = [[], 0];
  for (const fileId of ids) {
    chunk.push(fileId);
    versions += counts.get(fileId) ?? 0;
    if (versions < rowsPerTransaction) continue;
    yield chunk;
    [chunk, versions] = [[], 0];
  }
  if (chunk.length > 0) yield chunk;
}
