import type { Config } from "../../config/config.ts";
import { largestFile } from "../../config/plans.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

export interface LongestUploadNeeds {
  readonly config: Pick<Config, "fileSize">;
  readonly blobs: { readonly partial: Pick<BlobStore["partial"], "maxLength"> };
}

/** The bytes of the longest resumable upload, of any type: what the plan allows and the store can hold. */
export function longestUpload({ config: { fileSize }, blobs }: LongestUploadNeeds): number {
  return Math.min(largestFile(fileSize), blobs.partial.maxLength);
}
