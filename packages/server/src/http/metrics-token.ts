import { hash, timingSafeEqual } from "node:crypto";

/** Whether a request may read the metrics: anybody's where the operator has set no token, else one that has the token. */
export function mayReadMetrics(authorization: string | undefined, token: string | undefined): boolean {
  return token === undefined || bearsToken(authorization, token);
}

/** Compares hashes, so that the time taken reveals neither the length nor the content of the token. */
function bearsToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
