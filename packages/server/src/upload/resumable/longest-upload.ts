import { SluiceError } from "@sluice/protocol";
import type { Config } from "../../config/config.ts";
import { largestLimit, type SizeLimit } from "../../config/plans.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { assertFits, largestThatFits } from "../store/assert-fits.ts";

export interface LongestUploadNeeds {
  readonly config: Pick<Config, "fileSize">;
  readonly blobs: { readonly partial: Pick<BlobStore["partial"], "maxLength"> };
}

/** The size of the longest resumable upload, of any type: what the plan allows and the store can hold. */
export function longestUpload({ config: { fileSize }, blobs }: LongestUploadNeeds): SizeLimit {
  const { maxLength } = blobs.partial;
  const largest = largestLimit(fileSize);
  return largest.limit <= maxLength ? largest : { limit: maxLength, setBy: "what a bucket can hold" };
}

/**
 * @param length undefined where the client tells it later
 * @throws SluiceError UPLOAD_LENGTH_TOO_LARGE
 */
export function assertLength(needs: LongestUploadNeeds, length: number | undefined): void {
  const longest = longestUpload(needs);
  if (length !== undefined && length > longest.limit) throw new SluiceError("UPLOAD_LENGTH_TOO_LARGE", { ...longest });
}

/**
 * Bounds a file by the steps that its plan has.
 * @returns the most bytes that the file may have
 * @throws SluiceError FILE_MISSING, FILE_TOO_LARGE_FOR_STEP
 */
export function boundLength(
  needs: LongestUploadNeeds & Parameters<typeof assertFits>[0],
  plan: Parameters<typeof assertFits>[1],
  length: number | undefined,
): number {
  if (length === 0) throw new SluiceError("FILE_MISSING");
  if (length !== undefined) assertFits(needs, plan, length);
  return Math.min(longestUpload(needs).limit, largestThatFits(needs, plan), Number.MAX_SAFE_INTEGER - 1);
}
