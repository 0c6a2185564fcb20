import type { Config } from "../config/config.ts";
import type { Database } from "../database/database.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import type { createZipTicket, redeemZipTicket } from "./ticket-transactions.ts";

/** The parts that downloads as ZIP are made of. */
export interface DownloadNeeds {
  readonly blobs: Pick<BlobStore, "read">;
  readonly config: Pick<Config, "limits">;
  readonly database: Pick<
    Database<{
      readonly createZipTicket: typeof createZipTicket;
      readonly redeemZipTicket: typeof redeemZipTicket;
    }>,
    "reader" | "run"
  >;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}
