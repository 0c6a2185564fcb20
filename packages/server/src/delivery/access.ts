import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "./refusal.ts";
import type { Rendition } from "./rendition.ts";

/**
 * Who may see a version. A draft is not there, for a valid signature neither (spec/delivery.md §6). A private file
 * needs a signature unless it is shown through named transformations alone (§4). Asked on every request, before any
 * cache.
 * @throws DeliveryRefusal NOT_FOUND, PRIVATE
 */
export function admit(
  version: Pick<DeliverableRow, "is_published" | "is_private_file">,
  rendition: Rendition,
  signed: boolean,
): void {
  if (version.is_published === 0) throw new DeliveryRefusal("NOT_FOUND");
  if (version.is_private_file === 1 && !signed && rendition.kind !== "named") throw new DeliveryRefusal("PRIVATE");
}
