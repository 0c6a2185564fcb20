import type { Config } from "../config/config.ts";
import { isReachedFromElsewhere } from "../config/resolve-config.ts";
import type { Connection } from "../database/database.ts";
import { listAccounts } from "../database/repositories/accounts.ts";
import { type DeliverySwitches, readSwitches } from "./delivery-switches.ts";
import { takesV1Uploads } from "./v1-uploads.ts";

/** The accounts, by imagekitId, that let strangers do what an operator may not expect. */
export interface OpenAccounts {
  /** The accounts that take client uploads with a V1 signature, which locks no parameter. */
  readonly v1Uploads: readonly string[];
  /** The accounts whose private images and PDFs are shown as thumbnails without a signature (docs/protocol/delivery.md §4). */
  readonly privateThumbnails: readonly string[];
}

export const noOpenAccounts: OpenAccounts = { v1Uploads: [], privateThumbnails: [] };

function showsPrivateThumbnails(switches: DeliverySwitches): boolean {
  return switches.privateThumbnails !== "signed" && switches.restrictUnsignedImages !== "all";
}

/** Finds open accounts, but only where strangers can reach the server at all. */
export async function findOpenAccounts(
  reader: Connection,
  config: Pick<Config, "host" | "publicUrl" | "imagekitId" | "v1Uploads">,
): Promise<OpenAccounts> {
  if (!isReachedFromElsewhere(config)) return noOpenAccounts;
  const accounts = (await listAccounts(reader)).filter(({ status }) => status === "active");
  return {
    v1Uploads: accounts.filter((account) => takesV1Uploads(config, account)).map((account) => account.imagekit_id),
    privateThumbnails: accounts
      .filter((account) => showsPrivateThumbnails(readSwitches(account.delivery_switches)))
      .map((account) => account.imagekit_id),
  };
}
