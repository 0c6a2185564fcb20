import type { TrustProxy } from "../config/trust-proxy.ts";

/** The trusted proxies as the framework takes them. The connection's own address is hop 0. */
export function trustedProxies(proxies: TrustProxy): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}
