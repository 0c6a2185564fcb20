import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { MadePreviews } from "@sluice/protocol/schemas";
import { viewerOfServer } from "../../access/viewer.ts";
import type { Principal } from "../../accounts/authenticate.ts";
import { findDeliverableVersion } from "../../database/repositories/deliverables.ts";
import { listFullKeyPairs } from "../../database/repositories/key-pairs.ts";
import { findVersionIds } from "../../database/repositories/versions.ts";
import { isId } from "../../text/id.ts";
import type { Client, Delivery } from "../delivery.ts";
import { deliveryOfVersion, pictureUrl } from "../delivery-of-version.ts";
import type { DeliveryDeps } from "../deps.ts";
import { refuseDisabled } from "../find/access.ts";
import { findEndpoint } from "../find/enter.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type SigningDeps, signingKeyOf } from "./sign-urls.ts";

/** The claim says what a link opens: one version of a file, until a time. */
interface PreviewClaim {
  readonly accountId: string;
  readonly versionId: string;
  /** The end of the time, in Unix seconds as decimal digits. */
  readonly expires: string;
}

/** A link works for at least this time. */
const previewSeconds = 600;
/** Links that are made within such a time are equal, so that browsers keep what they have loaded. */
const stepSeconds = 300;

/** @param now Unix milliseconds @returns the end of a link's time in Unix seconds */
function previewEnd(now: number): number {
  return Math.ceil(now / 1000 / stepSeconds) * stepSeconds + previewSeconds;
}

/** @returns the link's path and query */
export function previewLink(privateKey: string, imagekitId: string, claim: PreviewClaim): string {
  const signature = signatureOf(privateKey, claim).toString("hex");
  return `/_sluice/previews/${imagekitId}/${claim.versionId}?expires=${claim.expires}&signature=${signature}`;
}

/**
 * Whether one of the keys has signed the claim. Its time is looked at apart from that.
 * @param privateKeys every key of the account that is still valid and may do everything
 */
function isSigned(privateKeys: readonly string[], claim: PreviewClaim, signature: string): boolean {
  if (!/^\d{10}$/.test(claim.expires) || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const claimed = Buffer.from(signature, "hex");
  return privateKeys.some((key) => timingSafeEqual(signatureOf(key, claim), claimed));
}

/**
 * The same key signs tokens of uploads, by the same algorithm. What is signed for them has no colon, so that neither
 * passes for the other. Delivery URLs and V1 uploads are signed by another algorithm.
 */
function signatureOf(privateKey: string, { accountId, versionId, expires }: PreviewClaim): Buffer {
  return createHmac("sha256", privateKey).update(`preview:${accountId}:${versionId}:${expires}`).digest();
}

/**
 * Makes links that show versions for some minutes, drafts and private files included. A link ends with the key pair
 * that has asked for it.
 */
export async function makePreviews(
  { database: { reader }, now, publicUrl }: SigningDeps,
  principal: Principal,
  versionIds: readonly string[],
): Promise<MadePreviews> {
  const { accountId, viewer, imagekitId } = principal;
  const time = now();
  const privateKey = await signingKeyOf(reader, principal, time);
  const there = new Set(await findVersionIds(reader, viewer, versionIds));
  const end = previewEnd(time);
  const expires = String(end);
  const link = (versionId: string) => previewLink(privateKey, imagekitId, { accountId, versionId, expires });
  return {
    previews: versionIds
      .filter((id) => there.has(id))
      .map((versionId) => ({ versionId, url: `${publicUrl()}${link(versionId)}` })),
    missing: versionIds.filter((id) => !there.has(id)),
    expiresAt: new Date(end * 1000).toISOString(),
  };
}

/** A preview's link as a request presents it. None of it can be trusted. */
export interface PresentedLink {
  readonly imagekitId: string;
  readonly versionId: string;
  readonly expires: string;
  readonly signature: string;
  /** The side in pixels within which the picture is asked for; undefined for the file itself. */
  readonly side: string | undefined;
  /** The page or frame, counted from 1, of which the picture is made; undefined for the first one. */
  readonly page: string | undefined;
}

export interface PreviewRequest {
  readonly link: PresentedLink;
  readonly method: Delivery["method"];
  readonly headers: IncomingHttpHeaders;
  readonly client: Client;
  readonly onAccount: (accountId: string) => void;
}

type OpeningDeps = Pick<DeliveryDeps, "database" | "now">;

/**
 * Opens a preview's link. It shows its version even where that is a draft or private, and to nobody else: whoever has
 * the link got it from somebody who may sign URLs. What is asked without a right signature is missing, whatever it is.
 * @throws DeliveryRefusal NOT_FOUND, SIGNATURE_EXPIRED, QUERY_INVALID, ENDPOINT_NOT_FOUND, ACCOUNT_DISABLED
 */
export async function openPreview(
  { database: { reader }, now }: OpeningDeps,
  { link, method, headers: requestHeaders, client, onAccount }: PreviewRequest,
): Promise<Delivery> {
  const { imagekitId, versionId, expires, signature, side, page } = link;
  const account = await findEndpoint(reader, imagekitId);
  refuseDisabled(account);
  onAccount(account.id);
  const time = now();
  const keys = (await listFullKeyPairs(reader, account.id, time)).map(({ private_key: key }) => key);
  const isRight = isId(versionId) && isSigned(keys, { accountId: account.id, versionId, expires }, signature);
  if (!isRight) throw new DeliveryRefusal("NOT_FOUND");
  const left = Number(expires) - Math.floor(time / 1000);
  if (left < 0) throw new DeliveryRefusal("SIGNATURE_EXPIRED");
  const url = pictureUrl(side, page);
  const version = await findDeliverableVersion(reader, viewerOfServer(account.id), versionId);
  if (version === undefined) throw new DeliveryRefusal("NOT_FOUND");
  const switches = account.delivery_switches;
  return deliveryOfVersion(version, url, { side, switches, method, requestHeaders, client, seconds: left });
}
