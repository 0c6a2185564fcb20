import ipaddr from "ipaddr.js";

// Written as everybody writes it, an address needs no parser, which takes longer than all else that is asked of it.
const plainIpv4 = /^(?:::ffff:)?((?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})$/;

/** What counts as one client: an IPv4 address, or the /64 that an IPv6 client may choose its address from. */
export function clientNetwork(address: string): string {
  const plain = plainIpv4.exec(address)?.[1];
  if (plain !== undefined) return plain;
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toNormalizedString().split("%")[0]}/64`).toString();
}
