import { SluiceError } from "@sluice/protocol";
import type { Principal } from "../../accounts/authenticate.ts";
import { limitOf, type SizeLimit } from "../../config/plans.ts";
import { refuseForGood } from "./end-session.ts";
import type { Lease } from "./lease.ts";
import { longestUpload } from "./longest-upload.ts";
import type { ResumableNeeds } from "./needs.ts";
import { assertStorageFor } from "./storage-use.ts";

/**
 * Takes the length of an upload that was created without one (tus 1.0, "creation-defer-length"). The upload is judged by
 * it as a creation is judged, before any further byte comes.
 * @throws SluiceError UPLOAD_LENGTH_TOO_LARGE and FILE_MISSING, which end the upload; STORAGE_LIMIT_EXCEEDED
 */
export async function takeLength(
  needs: ResumableNeeds,
  lease: Lease,
  principal: Principal,
  length: number,
): Promise<void> {
  const { bytes, fields, offset } = lease.session;
  if (bytes === undefined) throw new SluiceError("UPLOAD_SESSION_ENDED");
  const refusal = length === 0 ? new SluiceError("FILE_MISSING") : excessOf(needs, bytes.length, length);
  if (refusal !== undefined) {
    await refuseForGood(needs, lease, refusal);
    throw refusal;
  }
  // What has come counts for the account already.
  const isTransformed = fields.some(([name]) => name === "transformation");
  if (!isTransformed) await assertStorageFor(needs, principal, length - offset);
  await lease.tellLength(length);
}

/** The refusal for a file of unknown length of which more has come, or is told to come, than it may have. */
export function excessOf(
  needs: Pick<ResumableNeeds, "config" | "blobs">,
  maxLength: number,
  length: number,
): SluiceError | undefined {
  return length > maxLength ? new SluiceError("UPLOAD_LENGTH_TOO_LARGE", boundOf(needs, maxLength)) : undefined;
}

/** Names what has set the most bytes that an upload of unknown length may have. */
function boundOf(needs: Pick<ResumableNeeds, "config" | "blobs">, limit: number): { limit: number; setBy: string } {
  const { fileSize } = needs.config;
  const known: readonly SizeLimit[] = [longestUpload(needs), limitOf(fileSize, "video"), limitOf(fileSize, undefined)];
  const setBy = known.find((bound) => bound.limit === limit)?.setBy;
  return { limit, setBy: setBy ?? "a step that reads the whole file, such as the virus scan" };
}
