import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Database } from "../../database/database.ts";
import type { FilePath } from "../../library/files/lock-places.ts";
import { type ChangeContext, refusalOf, shownPath, untilDone } from "../../library/files/organise-files.ts";
import { joinPath } from "../../library/names.ts";
import { newId } from "../../text/id.ts";
import { purgePrefixOf } from "./purge-url.ts";
import { renameFileTransaction } from "./rename-transaction.ts";

interface RenameDeps {
  readonly database: Pick<Database, "run">;
}

export interface RenameRequest {
  readonly from: FilePath;
  readonly newName: string;
  readonly purgeCache: boolean;
}

/** The outcome of a rename. `unpurged` is set where the file is renamed, and the purge that was asked for can't be made. */
interface Renamed {
  readonly purgeRequestId?: string;
  readonly unpurged?: SluiceError<"PURGE_FAILED">;
}

/**
 * Gives a file another name in its folder. With `purgeCache` everything is purged that was delivered from its old URL,
 * and from URLs that begin with it (docs/protocol/media-api.md §5.4).
 * @throws SluiceError FILE_MISSING_AT_PATH, FILE_NAME_TAKEN, ACCOUNT_DISABLED, SERVER_BUSY; nothing is changed then
 */
export async function renameFile(
  { database }: RenameDeps,
  { accountId }: Principal,
  { from, newName, purgeCache }: RenameRequest,
  change: ChangeContext,
): Promise<Renamed> {
  const prefix = purgeCache ? purgePrefixOf(joinPath(from.folder, from.name)) : undefined;
  const purge = prefix === undefined ? undefined : { id: newId(change.now), prefix };
  const { outcome } = await untilDone(() =>
    database.run(renameFileTransaction, { accountId, from, newName, purge, ...change }),
  );
  if (outcome === "name taken") {
    throw new SluiceError("FILE_NAME_TAKEN", { path: shownPath({ folder: from.folder, name: newName }) });
  }
  if (outcome !== "done") {
    throw refusalOf(outcome, () => new SluiceError("FILE_MISSING_AT_PATH", { path: shownPath(from) }));
  }
  if (!purgeCache) return {};
  if (purge !== undefined) return { purgeRequestId: purge.id };
  const problem =
    "A purge of the old URL with * at its end would reach too far: it is too short, or names a whole catalogue.";
  return { unpurged: new SluiceError("PURGE_FAILED", { problem }) };
}
