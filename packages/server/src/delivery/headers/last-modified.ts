import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

/**
 * The value of `Last-Modified`. What a plain URL delivers also changes when an older version becomes the current one
 * again, and when folders change places; what a version's own URL delivers doesn't.
 */
export function lastModified(
  version: Pick<DeliverableRow, "updated_at" | "file_updated_at" | "folder_moved_at">,
  { objectVersion }: Pick<DeliveryUrl, "objectVersion">,
): string {
  const { updated_at: own, file_updated_at: files, folder_moved_at: moved } = version;
  return new Date(objectVersion === undefined ? Math.max(own, files, moved) : own).toUTCString();
}
