import { layerFilesIn } from "@sluice/grammar";
import type { AccountRow } from "../database/repositories/accounts.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { type DeliveryAddress, type DeliveryState, deliveryStateOf } from "../database/repositories/delivery-states.ts";
import { joinPath } from "../library/names.ts";
import type { Answer, AnswerValidity, Delivery } from "./delivery.ts";

/**
 * Collects the facts that an answer with a derived file rests on.
 * @returns undefined for an answer that must not be remembered, because the URL is signed, doesn't lead to the version
 * directly, or asks for the stored bytes, because a font that it names isn't there, or because the account delivers to
 * certain clients alone
 */
export function validityOf(account: AccountRow, delivery: Delivery, { derived }: Answer): AnswerValidity | undefined {
  const { version, rendition, layers, signed, cacheability } = delivery;
  if (derived === undefined || signed || rendition.kind === "original") return undefined;
  if (cacheability.standsIn || cacheability.isGuarded) return undefined;
  // The text is drawn in the standard font until the file is there. No row says that it has come.
  if ([...layerFilesIn(rendition.transformation).fonts].some((path) => !layers.has(path))) return undefined;
  const address = addressOf(account, delivery);
  if (address === undefined) return undefined;
  const drawn = [];
  for (const [path, row] of layers) {
    const { folder_path: folder, name } = row;
    // The path may have led to the file in another spelling.
    if (joinPath(folder, name) !== `/${path}`) return undefined;
    const layerAddress = { imagekitId: account.imagekit_id, path: folder, name, objectVersion: undefined };
    drawn.push({ address: layerAddress, state: stateOf(account, row) });
  }
  return { accountId: account.id, address, state: stateOf(account, version), layers: drawn, ...derived };
}

function stateOf(account: AccountRow, version: DeliverableRow): DeliveryState {
  return deliveryStateOf({
    accounts: account,
    folders: { moved_at: version.folder_moved_at },
    files: { updated_at: version.file_updated_at },
    versions: version,
  });
}

/** @returns undefined where the URL doesn't name the file by its path */
function addressOf({ imagekit_id: imagekitId }: AccountRow, { url, version }: Delivery): DeliveryAddress | undefined {
  const { folder_path: path, name } = version;
  const direct = url.suffixes.length === 0 && !url.seo && joinPath(path, name) === `/${url.segments.join("/")}`;
  return direct ? { imagekitId, path, name, objectVersion: url.objectVersion } : undefined;
}
