import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import type { BlobStore } from "../../storage/blob-store.ts";

/** The parts that are needed to store a version's content, wherever the content comes from. */
export interface ContentNeeds {
  readonly blobs: BlobStore;
  readonly config: { readonly limits: Pick<Config["limits"], "sweepGraceMs"> };
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
