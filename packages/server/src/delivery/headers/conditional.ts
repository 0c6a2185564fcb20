import type { IncomingHttpHeaders } from "node:http";
import fresh from "fresh";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

/**
 * The headers of every answer of the delivery routes, refusals included (docs/protocol/delivery.md §9.1,
 * docs/architecture.md decision 9).
 */
export const commonHeaders = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "ETag, Content-Length, Content-Range, Accept-Ranges, Content-DPR, ik-error, is-intermediate-response, x-sluice-progress, x-ik-requestId, x-request-id",
  "cross-origin-resource-policy": "cross-origin",
  "timing-allow-origin": "*",
  "x-content-type-options": "nosniff",
} as const;

/** Prevents users' pages, and pictures with scripts, from running in the origin that they share with the server. */
export const sandboxPolicy = "sandbox; default-src 'none'";

/** The values with which a client can validate its copy. */
interface Validators {
  readonly etag: string;
  readonly "last-modified": string;
}

/** Whether the client's copy is still valid, by `If-None-Match`, or by `If-Modified-Since` where that is missing. */
export function isFresh(requestHeaders: IncomingHttpHeaders, validators: Validators): boolean {
  return fresh(requestHeaders, { ...validators });
}

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
