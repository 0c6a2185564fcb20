import type { Config } from "../config/config.ts";
import type { Connection } from "../database/database.ts";
import type { BlobStore } from "../storage/blob-store.ts";

/** What storing a version's content needs, whoever brings the content. */
export interface ContentNeeds {
  readonly blobs: BlobStore;
  readonly config: { readonly limits: Pick<Config["limits"], "sweepGraceMs"> };
  readonly database: { readonly reader: Connection };
  /** Unix milliseconds. */
  readonly now: () => number;
}
