import type { Connection } from "../../database/database.ts";
import {
  changeDetails,
  type DetailsChange,
  type EditOutcome,
  type FileTarget,
} from "../../library/files/edit-transactions.ts";
import { type NewExtensionRun, startRuns } from "../start-runs.ts";

/** Changes the details of the file's current version, and makes extensions run on it. */
export async function changeFileDetails(
  connection: Connection,
  input: FileTarget & { readonly details: DetailsChange; readonly extensions?: readonly NewExtensionRun[] },
): Promise<EditOutcome> {
  const { extensions = [] } = input;
  return changeDetails(connection, input, (version, time) => startRuns(connection, version, extensions, time));
}
