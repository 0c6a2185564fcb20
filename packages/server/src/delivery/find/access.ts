import { onlyNames, type Transformation } from "@sluice/grammar";
import { isV1Token } from "@sluice/token";
import type { DeliverySwitches, UnsignedRestriction } from "../../accounts/delivery-switches.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { Rendition } from "../url/rendition.ts";
import type { Signed } from "../url/signed-url.ts";

/*
 * Every rule of who is shown what, in the order in which a delivery asks them. They are asked on every request, before any
 * cache.
 */

/** What the rules know of the request. */
export interface Asker {
  readonly signed: boolean;
  readonly kind: Rendition["kind"];
}

/** @throws DeliveryRefusal ACCOUNT_DISABLED */
export function refuseDisabled({ status }: Pick<AccountRow, "status">): void {
  if (status === "disabled") throw new DeliveryRefusal("ACCOUNT_DISABLED");
}

/**
 * A V1 upload's signature is made by the formula of a URL's, over its token in the place of the path. While an account
 * takes V1 uploads, such a text is a token and no path, so that a signature for one upload shows nobody a file
 * (docs/protocol/delivery.md §3.2). Nothing else that can be signed is at once a path and a token.
 * @throws DeliveryRefusal V1_SIGNATURE
 */
export function refuseV1Signature({ text }: Pick<Signed, "text">, takesV1Uploads: boolean): void {
  if (takesV1Uploads && isV1Token(text)) throw new DeliveryRefusal("V1_SIGNATURE");
}

/** A draft is not there, for a valid signature neither (docs/protocol/delivery.md §6). */
export function isThere<Version extends Pick<DeliverableRow, "is_published">>(
  version: Version | undefined,
): version is Version {
  return version?.is_published === 1;
}

/**
 * The account's rule for unsigned URLs (docs/protocol/delivery.md §5). Of a file that isn't there nobody knows what it
 * would have been: it is as if it were of each kind, so that whoever has to sign learns nothing of what there is.
 * @throws DeliveryRefusal UNSIGNED
 */
export function refuseUnsigned(
  switches: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">,
  version: Pick<DeliverableRow, "file_type" | "mime"> | undefined,
  { signed, kind }: Asker,
): void {
  if (signed) return;
  const { restrictUnsignedImages: images, restrictUnsignedVideos: videos } = switches;
  const restrictions =
    version === undefined
      ? [images, videos]
      : version.file_type === "image"
        ? [images]
        : version.mime.startsWith("video/")
          ? [videos]
          : [];
  const refuses = (restriction: UnsignedRestriction) =>
    restriction === "all" || (restriction === "except_named" && kind !== "named");
  if (restrictions.some(refuses)) throw new DeliveryRefusal("UNSIGNED");
}

/**
 * The account's rule for transformations that say anything but names; a signature doesn't lift it
 * (docs/protocol/delivery.md §5).
 * @throws DeliveryRefusal UNNAMED
 */
export function refuseUnnamed(switches: Pick<DeliverySwitches, "restrictUnnamed">, written: Transformation): void {
  if (switches.restrictUnnamed && written.steps.length > 0 && onlyNames(written) === undefined) {
    throw new DeliveryRefusal("UNNAMED");
  }
}

/**
 * A private file needs a signature unless it is shown through named transformations alone
 * (docs/protocol/delivery.md §4).
 */
export function mayShow(version: Pick<DeliverableRow, "is_private_file">, { signed, kind }: Asker): boolean {
  return version.is_private_file === 0 || signed || kind === "named";
}

/** @throws DeliveryRefusal PRIVATE */
export function refuseUnshown(version: Pick<DeliverableRow, "is_private_file">, asker: Asker): void {
  if (!mayShow(version, asker)) throw new DeliveryRefusal("PRIVATE");
}

/**
 * A named transformation shows an image of a private file, and never the file itself. It makes no image of a drawing that
 * stays a drawing, or of a file that isn't an image: there, the URL needs a signature. Whatever sends a file itself, or a
 * drawing that has been cleaned, asks this rule.
 * @throws DeliveryRefusal PRIVATE
 */
export function refuseStored(
  version: Pick<DeliverableRow, "is_private_file">,
  { signed }: Pick<Asker, "signed">,
): void {
  if (version.is_private_file === 1 && !signed) throw new DeliveryRefusal("PRIVATE");
}
