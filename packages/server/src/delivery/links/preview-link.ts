import { createHmac, timingSafeEqual } from "node:crypto";

/** The claim says what a link opens: one version of a file, until a time. */
export interface PreviewClaim {
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
export function previewEnd(now: number): number {
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
export function isSigned(privateKeys: readonly string[], claim: PreviewClaim, signature: string): boolean {
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
