import type { Connection } from "../../database/database.ts";
import { holdActiveAccount } from "../../database/repositories/accounts.ts";
import { ensureFolder } from "../../database/repositories/folders.ts";

/** Creates a folder unless it is there, parents included. */
export async function createFolderTransaction(
  connection: Connection,
  { accountId, path, now }: { readonly accountId: string; readonly path: string; readonly now: number },
): Promise<"done" | "account disabled"> {
  if (!(await holdActiveAccount(connection, accountId))) return "account disabled";
  await ensureFolder(connection, accountId, path, now);
  return "done";
}
