import type { ByteBudget } from "../../concurrency/byte-budget.ts";
import type { BlobSource } from "../blob-store.ts";
import type { Bucket } from "./bucket.ts";
import type { ReadBytes } from "./source-reader.ts";

export interface BlobToPut {
  readonly bucket: Bucket;
  readonly budget: ByteBudget;
  /** The key of the blob. */
  readonly key: string;
  /** The object's key in the bucket. */
  readonly objectKey: string;
  readonly source: BlobSource;
  readonly signal: AbortSignal | undefined;
}

/** A put that is under way. */
export interface Put extends BlobToPut {
  readonly action: string;
  readonly read: ReadBytes;
  /** Stored with the object. It shows whether an object is this put's own. */
  readonly metadata: Readonly<Record<string, string>>;
}
