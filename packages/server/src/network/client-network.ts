import ipaddr from "ipaddr.js";

// An address in its usual spelling needs no parser. Parsing takes longer than everything else that is done with it.
const plainIpv4 = /^(?:::ffff:)?((?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})$/;

/**
 * The network that counts as one client: an IPv4 address, or the /64 from which an IPv6 client may choose its address.
 */
export function clientNetwork(address: string): string {
  const plain = plainIpv4.exec(address)?.[1];
  if (plain !== undefined) return plain;
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().split("%")[0]}/64`).toString();
}
