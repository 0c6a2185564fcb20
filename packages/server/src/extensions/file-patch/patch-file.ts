import { SluiceError } from "@sluice/protocol";
import type { Viewer } from "../../access/viewer.ts";
import type { Connection, Database } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import { excessError } from "../../library/custom-metadata/check-values.ts";
import { parseChangedText } from "../../library/details/stored-parameters.ts";
import {
  changeDetails,
  type DetailsChange,
  detailsChangeOf,
  type EditOutcome,
  type FileTarget,
  publishFile,
} from "../../library/files/edit-files.ts";
import { findFile } from "../../library/files/find-files.ts";
import { type FilePatch, type MemberParsers, parseFilePatch } from "../../library/files/parse-file-patch.ts";
import { invalidParameter } from "../../text/parameter.ts";
import type { ExtensionDeps } from "../deps.ts";
import type { Extension } from "../extension.ts";
import { parseExtensions, parseWebhookUrl } from "../parse/parse-extensions.ts";
import { type NewExtensionRun, startRuns } from "../start-runs.ts";

interface ExtensionMembers {
  readonly extensions: readonly Extension[];
  readonly webhookUrl: string | null;
}

const members = {
  extensions: parseExtensions,
  webhookUrl: parseChangedText(parseWebhookUrl),
} as const satisfies MemberParsers<ExtensionMembers>;

/**
 * Parses a change of a file, with the extensions that should run on it (docs/protocol/media-api.md §5.1).
 * @throws SluiceError for the first invalid member, which the error names
 */
export function parseFilePatchWithExtensions(body: Readonly<Record<string, unknown>>): FilePatch<ExtensionMembers> {
  return parseFilePatch<ExtensionMembers>(body, members);
}

interface PatchDeps extends Pick<ExtensionDeps, "customFields"> {
  readonly database: Database;
}

/**
 * Changes the file's current version and makes extensions run on it, or changes which of its versions are published.
 * @returns the current version after the change
 * @throws SluiceError FILE_NOT_FOUND, PARAMETER_INVALID, CUSTOM_METADATA_INVALID, TOO_MANY_CUSTOM_VALUES
 */
export async function patchFile(
  { customFields, database }: PatchDeps,
  viewer: Viewer,
  target: FileTarget,
  patch: FilePatch,
  runs: readonly NewExtensionRun[] = [],
): Promise<AssetRow> {
  if (patch.kind === "details" && runs.length === 0 && Object.keys(patch.details).length === 0) {
    return findFile(database.reader, viewer, target.fileId);
  }
  const result =
    patch.kind === "details"
      ? await database.run(changeFileDetails, {
          ...target,
          details: await detailsChangeOf(customFields, target.accountId, patch.details),
          ...(runs.length > 0 && { extensions: runs }),
        })
      : await database.run(publishFile, { ...target, publication: patch.publication });
  if (result.outcome === "done") return result.asset;
  if (result.outcome === "no file") throw new SluiceError("FILE_NOT_FOUND");
  throw result.outcome === "not an image"
    ? invalidParameter("customCoordinates", "Only an image has custom coordinates, and this file is none.")
    : excessError(result.outcome);
}

/** Changes the details of the file's current version, and makes extensions run on it. */
export async function changeFileDetails(
  connection: Connection,
  input: FileTarget & { readonly details: DetailsChange; readonly extensions?: readonly NewExtensionRun[] },
): Promise<EditOutcome> {
  const { extensions = [] } = input;
  return changeDetails(connection, input, (version, time) => startRuns(connection, version, extensions, time));
}
