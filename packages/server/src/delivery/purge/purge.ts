import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { findPurge } from "../../database/repositories/purges.ts";
import { findEndpoints } from "../../endpoints/url-endpoints/url-endpoints.ts";
import { isId, newId } from "../../text/id.ts";
import { findAsked } from "../find/find-file.ts";
import { filesBelow } from "./files-below.ts";
import type { PurgeNeeds } from "./needs.ts";
import { readPurgeUrl } from "./purge-url.ts";

/**
 * Purges the derived files of one or many files, so that they are rendered anew. A purge takes effect on every node at
 * once: the number of a version's purges is read together with the version and is part of every cache key. The purge of
 * a file's URL covers all derived files of that file, whichever transformation the URL names.
 * @returns the request's id
 * @throws SluiceError PURGE_URL_INVALID
 */
export async function requestPurge(
  { database, now }: PurgeNeeds,
  { accountId, imagekitId }: Principal,
  url: unknown,
): Promise<string> {
  const scope = readPurgeUrl(url, imagekitId, await findEndpoints(database.reader, accountId));
  const of =
    scope.kind === "below"
      ? { prefix: scope.prefix }
      : { fileId: (await findAsked(database.reader, accountId, scope.url)).asked?.file_id };
  const id = newId(now());
  await database.run("requestPurge", { id, accountId, of, now: now() });
  return id;
}

/** @throws SluiceError PURGE_NOT_FOUND */
export async function purgeStatus(
  { database }: Pick<PurgeNeeds, "database">,
  accountId: string,
  requestId: string,
): Promise<"Pending" | "Completed"> {
  const purge = isId(requestId) ? await findPurge(database.reader, requestId) : undefined;
  if (purge?.account_id !== accountId) throw new SluiceError("PURGE_NOT_FOUND", {});
  return purge.completed_at === null ? "Pending" : "Completed";
}

/** Purges the files of a request with a wildcard, some at a time. Purging them twice has the same result as once. */
export async function purgeMany({ database, now }: PurgeNeeds, purgeId: string, signal: AbortSignal): Promise<void> {
  const purge = await findPurge(database.reader, purgeId);
  if (purge === undefined || purge.path_prefix === null || purge.completed_at !== null) return;
  const below = { accountId: purge.account_id, prefix: purge.path_prefix };
  for await (const fileIds of filesBelow(database.reader, below, signal)) {
    await database.run("purgeFiles", { fileIds });
  }
  await database.run("endPurge", { id: purgeId, now: now() });
}
