import type { DownloadNeeds } from "../../../downloads/zip-downloads.ts";
import type { UsageCounts } from "../../../usage/usage-counts.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

export type ZipDownloadsNeeds = AuthNeeds &
  DownloadNeeds & {
    readonly usageCounts: Pick<UsageCounts, "add">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
