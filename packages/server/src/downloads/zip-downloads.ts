import { SluiceError } from "@sluice/protocol";
import { viewerOf } from "../access/viewer.ts";
import type { Principal } from "../accounts/authenticate.ts";
import { isConsoleRole } from "../accounts/key-roles.ts";
import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import { findKeyPair, hasEnded } from "../database/repositories/key-pairs.ts";
import { findZipTicket, type ZipTicketRow } from "../database/repositories/zip-tickets.ts";
import { nameOf } from "../library/folders/folder-paths.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { hashSecret, isSecret, newSecret } from "../text/secrets.ts";
import { findZipFiles, type ZipFile } from "./find-zip-files.ts";
import { createZipTicket, maxZipTickets, redeemZipTicket } from "./ticket-transactions.ts";
import { type ZipArchive, zipArchive } from "./zip-archive.ts";
import type { ZipSelection } from "./zip-selection.ts";

/** The parts that downloads as ZIP are made of. */
export interface DownloadDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<Database, "reader" | "run">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/** The downloads of this process that are under way, by account. */
export class RunningDownloads {
  readonly #counts = new Map<string, number>();

  /** Whether the account has as many as it may have. */
  isFull(accountId: string, limit: number): boolean {
    return (this.#counts.get(accountId) ?? 0) >= limit;
  }

  /** @returns the function that ends the download; it may be called again */
  begin(accountId: string): () => void {
    this.#counts.set(accountId, (this.#counts.get(accountId) ?? 0) + 1);
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const left = (this.#counts.get(accountId) ?? 1) - 1;
      if (left === 0) this.#counts.delete(accountId);
      else this.#counts.set(accountId, left);
    };
  }
}

export interface ZipDeps extends DownloadDeps {
  readonly running: RunningDownloads;
}

interface OfferedZip {
  /** The secret by which the archive is downloaded once. */
  readonly ticket: string;
  readonly fileName: string;
  readonly files: number;
  readonly bytes: number;
  /** The time before which the download has to begin, in Unix milliseconds. */
  readonly expiresAt: number;
}

/**
 * Offers the selection as an archive. Whatever would keep the download from beginning is said here already, where
 * somebody reads it.
 * @throws SluiceError FILES_NOT_FOUND, FOLDER_NOT_FOUND, ZIP_EMPTY, ZIP_TOO_MANY_FILES, ZIP_TOO_LARGE,
 *   TOO_MANY_ZIP_DOWNLOADS, TOO_MANY_ZIP_TICKETS, KEY_MAY_NOT_READ_HIDDEN, ACCOUNT_DISABLED
 */
export async function offerZip(
  deps: ZipDeps,
  { accountId, imagekitId, viewer, key }: Pick<Principal, "accountId" | "imagekitId" | "viewer" | "key">,
  selection: ZipSelection,
  signal: AbortSignal,
): Promise<OfferedZip> {
  const { config, database, now } = deps;
  const { limits } = config;
  assertRoom(deps, accountId);
  const { files, bytes } = await findZipFiles(database.reader, viewer, selection, limits, signal);
  const ticket = newSecret();
  const time = now();
  const outcome = await database.run(createZipTicket, {
    hash: hashSecret(ticket),
    account_id: accountId,
    key_pair_id: key.id,
    role: key.role,
    selection: JSON.stringify(selection),
    lifeMs: limits.zipTicketMs,
    now: time,
  });
  if (outcome === "account disabled") throw new SluiceError("ACCOUNT_DISABLED");
  if (outcome === "too many") {
    const seconds = Math.ceil(limits.zipTicketMs / 1000);
    throw new SluiceError("TOO_MANY_ZIP_TICKETS", { limit: maxZipTickets, seconds });
  }
  const fileName = zipNameOf(selection, imagekitId);
  return { ticket, fileName, files: files.length, bytes, expiresAt: time + limits.zipTicketMs };
}

interface BegunZip extends ZipArchive {
  readonly accountId: string;
  readonly fileName: string;
}

/**
 * Begins the download for whoever has the ticket, which is used up. The archive holds what the selection holds now. A
 * download that is refused leaves the ticket as it is.
 * @param ticket untrusted
 * @throws SluiceError ZIP_TICKET_INVALID, TOO_MANY_ZIP_DOWNLOADS, and what `findZipFiles` throws; the signal's reason
 */
export async function beginZip(deps: ZipDeps, ticket: unknown, signal: AbortSignal): Promise<BegunZip> {
  const { config, database, now, running } = deps;
  if (!isSecret(ticket)) throw new SluiceError("ZIP_TICKET_INVALID");
  const hash = hashSecret(ticket);
  const row = await findZipTicket(database.reader, hash, now());
  if (row === undefined) throw new SluiceError("ZIP_TICKET_INVALID");
  const accountId = row.account_id;
  assertRoom(deps, accountId);
  // Taken before anything more is awaited: requests that come at once must not all see the same room.
  const end = running.begin(accountId);
  try {
    const imagekitId = await accountOf(deps, row);
    const selection = JSON.parse(row.selection) as ZipSelection;
    const viewer = viewerOf("ticket", accountId, row.role);
    const { files } = await findZipFiles(database.reader, viewer, selection, config.limits, signal);
    // A client that has left meanwhile keeps its ticket.
    signal.throwIfAborted();
    if (!(await database.run(redeemZipTicket, { hash, now: now() }))) throw new SluiceError("ZIP_TICKET_INVALID");
    const { size, body } = zipArchive(files.map((file) => entryOf(deps, file)));
    body.once("close", end);
    return { accountId, fileName: zipNameOf(selection, imagekitId), size, body };
  } catch (error) {
    end();
    throw error;
  }
}

function assertRoom({ config, running }: Pick<ZipDeps, "config" | "running">, accountId: string): void {
  const limit = config.limits.zips;
  if (running.isFull(accountId, limit)) throw new SluiceError("TOO_MANY_ZIP_DOWNLOADS", { limit });
}

/** A ticket is worth no more than the key pair that asked for it. @returns the account's id in URLs */
async function accountOf({ database, now }: ZipDeps, row: ZipTicketRow): Promise<string> {
  const pair = await findKeyPair(database.reader, { id: row.key_pair_id });
  const holds =
    pair?.account_id === row.account_id &&
    pair.account_status === "active" &&
    isConsoleRole(pair.role) &&
    !hasEnded(pair, now());
  if (!holds) throw new SluiceError("ZIP_TICKET_INVALID");
  return pair.imagekit_id;
}

function entryOf({ blobs }: Pick<ZipDeps, "blobs">, { path, size, storageKey, modifiedAt }: ZipFile) {
  return {
    path,
    size,
    modifiedAt: new Date(modifiedAt),
    open: (signal: AbortSignal) => blobs.read(storageKey, undefined, signal),
  };
}

/** An archive of one folder has the folder's name, any other the account's. */
function zipNameOf({ fileIds, folderPaths: [folder, ...others] }: ZipSelection, imagekitId: string): string {
  const isOneFolder = folder !== undefined && folder !== "/" && others.length === 0 && fileIds.length === 0;
  return `${isOneFolder ? nameOf(folder) : imagekitId}.zip`;
}
