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
