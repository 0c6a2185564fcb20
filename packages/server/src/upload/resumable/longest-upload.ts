import type { Config } from "../../config/config.ts";
import { largestLimit, type SizeLimit } from "../../config/plans.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

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
