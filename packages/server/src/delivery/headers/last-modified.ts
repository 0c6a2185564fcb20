import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

/** The plain URL changes also when an older version becomes the current one again; a version's own URL does not. */
export function lastModified(
  { updated_at: own, file_updated_at: files }: Pick<DeliverableRow, "updated_at" | "file_updated_at">,
  { objectVersion }: Pick<DeliveryUrl, "objectVersion">,
): string {
  return new Date(objectVersion === undefined ? Math.max(own, files) : own).toUTCString();
}
