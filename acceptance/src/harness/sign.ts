import { createHmac } from "node:crypto";

export interface SignOptions {
  /** The expiry in Unix seconds. Without it the signature never expires. */
  readonly until?: number;
}

/**
 * Signs a delivery URL as docs/protocol/delivery.md §3.1 says: the text after the endpoint, then the expiry, are signed
 * with the private key.
 */
export function sign(url: string, endpoint: string, privateKey: string, { until }: SignOptions = {}): string {
  const rest = url.slice(endpoint.length).replace(/^\//, "");
  const signature = createHmac("sha1", privateKey)
    .update(rest + String(until ?? 9_999_999_999))
    .digest("hex");
  const expiry = until === undefined ? "" : `ik-t=${until}&`;
  return `${url}${url.includes("?") ? "&" : "?"}${expiry}ik-s=${signature}`;
}
