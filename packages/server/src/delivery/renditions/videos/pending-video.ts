import type { Answer, Delivery } from "../../delivery.ts";
import { refuseStored, refuseUnsigned } from "../../find/access.ts";
import { DeliveryRefusal } from "../../refusals/refusal.ts";
import { pendingAnswer } from "../later/pending-answer.ts";

/**
 * The answer to a URL whose video isn't encoded yet: the client plays the original meanwhile, if anybody may have that
 * (docs/protocol/delivery.md §11). Who was given a signed URL of one rendition may not have the original for it.
 */
export function pendingVideo({ version, url, switches, asker }: Delivery): Answer {
  const nobody = { signed: false, thumbnail: false, kind: "plain" } as const;
  if (
    asker === undefined ||
    !isForAll(
      () => refuseStored(version, nobody),
      () => refuseUnsigned(switches, version, nobody),
    )
  ) {
    return pendingAnswer({});
  }
  // The plain URL of a video is the original, also where an account takes names alone.
  const location =
    url.objectVersion === undefined ? asker.assetUrl : `${asker.assetUrl}?ik-obj-version=${url.objectVersion}`;
  const headers = { location, "cache-control": "no-store", "is-intermediate-response": "true" };
  return { status: 302, headers };
}

/** Whether no rule refuses. */
function isForAll(...rules: readonly (() => void)[]): boolean {
  try {
    for (const rule of rules) rule();
    return true;
  } catch (error) {
    if (error instanceof DeliveryRefusal) return false;
    throw error;
  }
}
