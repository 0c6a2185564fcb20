import { type LayerFiles, onlyNames, type Transformation } from "@sluice/grammar";
import type { KeyRole } from "@sluice/protocol/schemas";
import { isV1Token } from "@sluice/token";
import type { DeliverySwitches, UnsignedRestriction } from "../../accounts/delivery-switches.ts";
import { fullAlone } from "../../accounts/key-roles.ts";
import { type ClientTraits, findBarrier, type Perimeter } from "../../accounts/perimeter.ts";
import type { AccountRow } from "../../database/repositories/accounts.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { namesAsset } from "../../library/files/asset-url.ts";
import { hasThumbnail } from "../../library/files/file-type.ts";
import { DeliveryRefusal, type RefusalReason } from "../refusals/refusal.ts";
import type { RequestedRendition } from "../url/requested-rendition.ts";
import type { Signed } from "../url/signed-url.ts";

/*
 * Every rule about who may see which file. The rules stand in the order in which a delivery asks them. A delivery asks
 * them on every request, before it looks into any cache.
 */

/** The facts about the request that the rules use. */
export interface Asker {
  readonly signed: boolean;
  readonly kind: RequestedRendition["kind"];
  /** Whether the URL asks for a thumbnail: by a built-in name, or by the suffix for one. A sprite counts as one. */
  readonly thumbnail: boolean;
}

type PrivacySwitches = Pick<DeliverySwitches, "privateThumbnails">;

/** @throws DeliveryRefusal ACCOUNT_DISABLED */
export function refuseDisabled({ status }: Pick<AccountRow, "status">): void {
  if (status === "disabled") throw new DeliveryRefusal("ACCOUNT_DISABLED");
}

/**
 * Refuses clients that the account doesn't deliver to (docs/protocol/delivery.md §2). A signature doesn't lift the rule.
 * @param client undefined where the server itself asks
 * @throws DeliveryRefusal CLIENT_ADDRESS, REFERRER, USER_AGENT, COUNTRY
 */
export function refuseOutside(perimeter: Perimeter, client: ClientTraits | undefined): void {
  const barrier = client === undefined ? undefined : findBarrier(perimeter, client);
  if (barrier !== undefined) throw new DeliveryRefusal(barriers[barrier]);
}

const barriers = {
  clientAddresses: "CLIENT_ADDRESS",
  referrers: "REFERRER",
  userAgents: "USER_AGENT",
  countries: "COUNTRY",
} as const satisfies Record<keyof Perimeter, RefusalReason>;

/**
 * Refuses a URL whose signature may be a V1 upload's. The signature of a V1 upload is made by the same formula as a
 * URL's, with the upload's token in the place of the path. While an account takes V1 uploads, such a text counts as a
 * token and not as a path, so that a signature for one upload shows nobody a file (docs/protocol/delivery.md §3.2). No
 * other text that can be signed is both a path and a token.
 * @throws DeliveryRefusal V1_SIGNATURE
 */
export function refuseV1Signature({ text }: Pick<Signed, "text">, takesV1Uploads: boolean): void {
  if (takesV1Uploads && isV1Token(text)) throw new DeliveryRefusal("V1_SIGNATURE");
}

/**
 * Refuses a signature that the server made for a thumbnail, where the URL asks for anything but a thumbnail of the file
 * whose path was signed. Whoever uploads chooses the path, and gets the signature. As an alias, or behind a virtual suffix
 * or another endpoint, the same text may mean somebody else's file (docs/protocol/delivery.md §8.1).
 * @param asked the library's version that the URL asks for
 * @throws DeliveryRefusal SIGNATURE_INVALID
 */
export function refuseOtherThumbnail(
  signed: Signed | undefined,
  asked: Pick<DeliverableRow, "folder_path" | "name"> | undefined,
  { kind, thumbnail }: Pick<Asker, "kind" | "thumbnail">,
): void {
  if (!signed?.forThumbnail) return;
  const isMeant = kind === "named" && thumbnail && asked !== undefined && namesAsset(signed.text, asked);
  if (!isMeant) throw new DeliveryRefusal("SIGNATURE_INVALID");
}

/**
 * Refuses a signature that was made for the places of a sprite, where the URL asks for anything but the sprite. The text
 * of the places names the picture beside it, with its own signature. Where a file has the picture's name, the same
 * signature would open that file (docs/protocol/delivery.md §1.4).
 * @throws DeliveryRefusal SIGNATURE_INVALID
 */
export function refuseOtherSprite(signed: Signed | undefined, rendition: RequestedRendition): void {
  if (!signed?.forSprite) return;
  if (rendition.kind === "original" || rendition.sprite !== "picture") throw new DeliveryRefusal("SIGNATURE_INVALID");
}

/**
 * Whether whoever has a key pair of that role may have bytes of the version outside of a delivery: in an archive, for
 * example. Private files and drafts are for those who sign URLs. A preview's link, which only they can make, opens one
 * version of these, too.
 */
export function mayHave(
  role: KeyRole,
  { is_private_file: isPrivate, is_published: isPublished }: Pick<DeliverableRow, "is_private_file" | "is_published">,
): boolean {
  return (isPrivate === 0 && isPublished === 1) || fullAlone.includes(role);
}

/**
 * Whether the version exists for a delivery. A draft doesn't, not even for a URL with a valid signature
 * (docs/protocol/delivery.md §6).
 */
export function isThere<Version extends Pick<DeliverableRow, "is_published">>(
  version: Version | undefined,
): version is Version {
  return version?.is_published === 1;
}

/**
 * Applies the account's rule for unsigned URLs (docs/protocol/delivery.md §5). A thumbnail counts as an image, whatever
 * the type of its file: it shows the file, and the images that its layers draw. A missing file counts as each of the
 * restricted types, because its type is unknown. So a client that has to sign learns nothing about which files exist.
 * @throws DeliveryRefusal UNSIGNED
 */
export function refuseUnsigned(
  switches: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">,
  version: Pick<DeliverableRow, "kind"> | undefined,
  asker: Asker,
): void {
  const { restrictUnsignedImages: images, restrictUnsignedVideos: videos } = switches;
  const isImage = version === undefined || version.kind === "picture" || (asker.thumbnail && hasThumbnail(version));
  const isVideo = version === undefined || version.kind === "video";
  const isRefused = (isImage && isRestricted(images, asker)) || (isVideo && isRestricted(videos, asker));
  if (isRefused) throw new DeliveryRefusal("UNSIGNED");
}

/**
 * Applies the same rule to what layers show, whether or not it is there: a video may show pictures, and a picture that a
 * restriction guards isn't shown by laying it on a video.
 * @throws DeliveryRefusal UNSIGNED
 */
export function refuseUnsignedLayers(
  switches: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">,
  { pictures, videos }: Pick<LayerFiles, "pictures" | "videos">,
  asker: Asker,
): void {
  if (pictures.size > 0) refuseUnsigned(switches, { kind: "picture" }, asker);
  if (videos.size > 0) refuseUnsigned(switches, { kind: "video" }, asker);
}

/**
 * Whether layers may show these files on a file that has no URL yet, by the same rule. Private files and drafts have a
 * rule of their own (`mayDraw`).
 */
export function mayShowLayers(...asked: Parameters<typeof refuseUnsignedLayers>): boolean {
  return passes(() => refuseUnsignedLayers(...asked));
}

/** Whether anybody may have the stored bytes of the version by its plain URL. */
export function isForEverybody(
  switches: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">,
  version: Pick<DeliverableRow, "kind" | "is_private_file">,
): boolean {
  const anybody = { signed: false, thumbnail: false, kind: "plain" } as const;
  return passes(() => {
    refuseStored(version, anybody);
    refuseUnsigned(switches, version, anybody);
  });
}

function passes(rule: () => void): boolean {
  try {
    rule();
    return true;
  } catch (error) {
    if (error instanceof DeliveryRefusal) return false;
    throw error;
  }
}

function isRestricted(restriction: UnsignedRestriction, { signed, kind }: Pick<Asker, "signed" | "kind">): boolean {
  return !signed && (restriction === "all" || (restriction === "except_named" && kind !== "named"));
}

/**
 * Refuses unsigned URLs where the account restricts images as well as videos, before an origin is asked: the type of a
 * file that isn't in the library is unknown until it is read.
 * @throws DeliveryRefusal UNSIGNED
 */
export function refuseUnsignedUnread(
  switches: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">,
  asker: Asker,
): void {
  refuseUnsigned({ ...switches, restrictUnsignedVideos: weaker(switches) }, { kind: "video" }, asker);
}

function weaker({
  restrictUnsignedImages: images,
  restrictUnsignedVideos: videos,
}: Pick<DeliverySwitches, "restrictUnsignedImages" | "restrictUnsignedVideos">): UnsignedRestriction {
  if (images === "off" || videos === "off") return "off";
  return images === "all" ? videos : images;
}

/**
 * The web proxies that may be read for a URL: those that list its host, and all of them if the URL is validly signed
 * (docs/protocol/delivery.md §1).
 * @throws DeliveryRefusal UNLISTED_HOST
 */
export function openProxies<Proxy>(
  proxies: readonly Proxy[],
  listsHost: (proxy: Proxy) => boolean,
  { signed }: Pick<Asker, "signed">,
): readonly Proxy[] {
  const open = signed ? proxies : proxies.filter(listsHost);
  if (open.length === 0) throw new DeliveryRefusal("UNLISTED_HOST");
  return open;
}

/**
 * Applies the account's rule against transformations that contain anything but names. A signature doesn't lift the rule
 * (docs/protocol/delivery.md §5).
 * @throws DeliveryRefusal UNNAMED
 */
export function refuseUnnamed(switches: Pick<DeliverySwitches, "restrictUnnamed">, written: Transformation): void {
  if (switches.restrictUnnamed && written.steps.length > 0 && onlyNames(written) === undefined) {
    throw new DeliveryRefusal("UNNAMED");
  }
}

/**
 * Whether a delivery may show the version. A private file needs a signature unless the URL shows it only through named
 * transformations. Where the account has thumbnails of private files signed, a thumbnail needs a signature as well. The
 * names that the account itself has defined still show what they show (docs/protocol/delivery.md §4).
 */
export function mayShow(
  { privateThumbnails }: PrivacySwitches,
  version: Pick<DeliverableRow, "is_private_file">,
  { signed, kind, thumbnail }: Asker,
): boolean {
  if (version.is_private_file === 0 || signed) return true;
  return kind === "named" && !(thumbnail && privateThumbnails === "signed");
}

/**
 * Whether a layer may draw the version on a picture for this client. A draft is never drawn. A private file is drawn
 * where it would be shown as an image itself (docs/protocol/delivery.md §4).
 */
export function mayDraw(
  switches: PrivacySwitches,
  version: Pick<DeliverableRow, "is_private_file" | "is_published">,
  asker: Asker,
): boolean {
  return isThere(version) && mayShow(switches, version, asker);
}

/** @throws DeliveryRefusal PRIVATE */
export function refuseUnshown(
  switches: PrivacySwitches,
  version: Pick<DeliverableRow, "is_private_file">,
  asker: Asker,
): void {
  if (!mayShow(switches, version, asker)) throw new DeliveryRefusal("PRIVATE");
}

/**
 * Refuses to send a private file itself without a signature. A named transformation shows an image of a private file,
 * and never the file itself. It makes no image of a drawing that stays a drawing, or of a file that isn't an image. For
 * those, the URL needs a signature. All code that sends a file itself, or a drawing that has been cleaned, asks this
 * rule.
 * @throws DeliveryRefusal PRIVATE
 */
export function refuseStored(
  version: Pick<DeliverableRow, "is_private_file">,
  { signed }: Pick<Asker, "signed">,
): void {
  if (version.is_private_file === 1 && !signed) throw new DeliveryRefusal("PRIVATE");
}
