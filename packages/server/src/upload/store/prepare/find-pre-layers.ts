import type { LayerFiles } from "@sluice/grammar";
import { readSwitches } from "../../../accounts/delivery-switches.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import { findLayers, type LayerVersions } from "../../../delivery/find/find-layers.ts";
import type { UploadNeeds } from "../../needs.ts";
import { refusePre } from "./refuse-pre.ts";

/** Private files count as missing in `pre`: not every way to sign an upload covers its transformation. */
const anybody = { signed: false, kind: "explicit", thumbnail: false } as const;

/**
 * Finds the files that layers of `pre` draw.
 * @throws SluiceError TRANSFORMATION_INVALID
 */
export async function findPreLayers(
  { database }: { readonly database: Pick<UploadNeeds["database"], "reader"> },
  accountId: string,
  files: LayerFiles,
): Promise<LayerVersions> {
  const account = await findAccount(database.reader, { id: accountId });
  const switches = readSwitches(account?.delivery_switches ?? null);
  return findLayers(database.reader, { accountId, switches }, files, anybody).catch(refusePre);
}
