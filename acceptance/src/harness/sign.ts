import { createHmac } from "node:crypto";

export interface SignOptions {
  /** Unix seconds; without them the signature has no end. */
  readonly until?: number;
}

/**
 * Signs a delivery URL as docs/protocol/delivery.md §3.1 says: what follows the endpoint, then the expiry, under the
 * private key.
 */
export function sign(url: string, endpoint: string, privateKey: string, { until }: SignOptions = {}): string {
  const rest = url.slice(endpoint.length).replace(/^\//, "");
  const signature = createHmac("sha1", privateKey)
    .update(rest + String(until ?? 9_999_999_999))
    .digest("hex");
  const expiry = until === undefined ? "" : `ik-t=${until}&`;
  return `${url}${url.includes("?") ? "&" : "?"}${expiry}ik-s=${signature}`;
}
