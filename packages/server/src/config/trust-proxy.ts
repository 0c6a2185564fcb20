import ipaddr from "ipaddr.js";
import { ConfigError } from "./config-error.ts";

/** A number of hops, or addresses and CIDR ranges. False trusts nobody. */
export type TrustProxy = number | readonly string[] | false;

/** @throws ConfigError */
export function parseTrustProxy(text: string): TrustProxy {
  if (text === "off") return false;
  if (/^\d{1,2}$/.test(text)) return Number(text) === 0 ? false : Number(text);
  const ranges = text.split(",").map((range) => range.trim());
  if (!ranges.every((range) => ipaddr.isValid(range) || ipaddr.isValidCIDR(range))) {
    throw new ConfigError("--trust-proxy must be off, a number of proxies, or a list of addresses and CIDR ranges");
  }
  return ranges;
}

/** Whether the other end of a connection is a trusted proxy, and not a client. */
export function isTrustedProxy(proxies: TrustProxy, address: string): boolean {
  if (typeof proxies === "number") return proxies > 0;
  if (proxies === false || !ipaddr.isValid(address)) return false;
  const peer = ipaddr.process(address);
  return proxies.some((range) => {
    const [network, bits] = range.includes("/") ? ipaddr.parseCIDR(range) : ([ipaddr.process(range), 128] as const);
    return peer.kind() === network.kind() && peer.match(network, peer.kind() === "ipv4" ? Math.min(bits, 32) : bits);
  });
}
