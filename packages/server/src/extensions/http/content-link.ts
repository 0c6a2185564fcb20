import { createHmac, timingSafeEqual } from "node:crypto";
import { maxExtensionSeconds } from "../../config/limits.ts";

/** The path where an extension's endpoint fetches the bytes that it works on, drafts and private files included. */
export const contentPath = "/_sluice/extensions/:runId/file";

/** The maximum time for which a link is valid after it was made. The end of its run also invalidates the link. */
export const linkSeconds = maxExtensionSeconds;

/** @param now Unix milliseconds */
export function contentLink(publicUrl: string, runId: string, secret: string, now: number): string {
  const expires = Math.floor(now / 1000) + linkSeconds;
  const signature = signatureOf(runId, String(expires), secret).toString("hex");
  return `${publicUrl}/_sluice/extensions/${runId}/file?expires=${expires}&signature=${signature}`;
}

export function isContentLink(
  runId: string,
  { expires, signature }: { readonly expires: string; readonly signature: string },
  secret: string,
  now: number,
): boolean {
  if (!/^\d{1,12}$/.test(expires) || !/^[0-9a-f]{64}$/.test(signature)) return false;
  const holds = timingSafeEqual(signatureOf(runId, expires, secret), Buffer.from(signature, "hex"));
  return holds && Math.floor(now / 1000) <= Number(expires);
}

/** The same secret also signs webhooks. No webhook's signed text begins like this one, so the two can't be confused. */
function signatureOf(runId: string, expires: string, secret: string): Buffer {
  return createHmac("sha256", secret).update(`extension-file:${runId}:${expires}`).digest();
}
