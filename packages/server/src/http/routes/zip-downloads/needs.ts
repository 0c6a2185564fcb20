import type { DownloadNeeds } from "../../../downloads/needs.ts";
import type { DeliveryCounts } from "../../../usage/delivery-counts.ts";
import type { AuthNeeds } from "../../plugins/basic-auth.ts";

export type ZipDownloadsNeeds = AuthNeeds &
  DownloadNeeds & {
    readonly deliveryCounts: Pick<DeliveryCounts, "add">;
    /** The address under which clients reach this server, without a trailing slash. */
    readonly publicUrl: () => string;
  };
