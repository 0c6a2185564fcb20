import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

type Times = Pick<DeliverableRow, "updated_at" | "file_updated_at" | "folder_moved_at">;

/**
 * The value of `Last-Modified`. What a plain URL delivers also changes when an older version becomes the current one
 * again, and when folders change places; what a version's own URL delivers doesn't.
 * @param layers the files that are drawn on the version, which may change whatever the URL names
 */
export function lastModified(
  version: Times,
  { objectVersion }: Pick<DeliveryUrl, "objectVersion">,
  layers: Iterable<Times> = [],
): string {
  const own = objectVersion === undefined ? latestOf(version) : version.updated_at;
  return new Date(Math.max(own, ...[...layers].map(latestOf))).toUTCString();
}

function latestOf({ updated_at: own, file_updated_at: files, folder_moved_at: moved }: Times): number {
  return Math.max(own, files, moved);
}
