import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

/**
 * The value of `Last-Modified`. What a plain URL delivers also changes when an older version becomes the current one
 * again; what a version's own URL delivers doesn't.
 */
export function lastModified(
  { updated_at: own, file_updated_at: files }: Pick<DeliverableRow, "updated_at" | "file_updated_at">,
  { objectVersion }: Pick<DeliveryUrl, "objectVersion">,
): string {
  return new Date(objectVersion === undefined ? Math.max(own, files) : own).toUTCString();
}
