import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * Addresses that are no ordinary host of the public internet. They come from IANA's special-purpose registries (RFC
 * 6890), including those that the registries list as reachable but where nobody serves files. Addresses on which clouds
 * answer only from inside are added.
 */
export const specialIpv4Blocks = {
  "0.0.0.0/8": "this host",
  "10.0.0.0/8": "private",
  "100.64.0.0/10": "carrier-grade NAT",
  "127.0.0.0/8": "loopback",
  // A virtual machine on Azure finds its host's agent here. From outside nothing answers.
  "168.63.129.16/32": "cloud host",
  // 169.254.169.254 is where clouds hand out a machine's credentials.
  "169.254.0.0/16": "link-local",
  "172.16.0.0/12": "private",
  "192.0.0.0/24": "protocol assignments",
  "192.0.2.0/24": "documentation",
  "192.31.196.0/24": "AS112",
  "192.52.193.0/24": "multicast tunnels",
  "192.88.99.0/24": "6to4 relay",
  "192.168.0.0/16": "private",
  "192.175.48.0/24": "AS112",
  "198.18.0.0/15": "benchmarking",
  "198.51.100.0/24": "documentation",
  "203.0.113.0/24": "documentation",
  "224.0.0.0/4": "multicast",
  "240.0.0.0/4": "reserved, broadcast",
} as const satisfies Record<string, string>;

/** Blocks within 2000::/3. Nothing outside of it is global unicast. */
export const specialIpv6Blocks = {
  // Teredo, benchmarking, ORCHID and more; Teredo carries an IPv4 address.
  "2001::/23": "protocol assignments",
  "2001:db8::/32": "documentation",
  // Carries an IPv4 address, to which a relay passes traffic on.
  "2002::/16": "6to4",
  "2620:4f:8000::/48": "AS112",
  "3ffe::/16": "returned",
  "3fff::/20": "documentation",
} as const satisfies Record<string, string>;

/**
 * Prefixes in front of an IPv4 address, which is then the one that is connected to. Behind the well-known NAT64 prefix
 * lies the public internet wherever a network has no IPv4 of its own. The local-use prefix 64:ff9b:1::/48 (RFC 8215)
 * can place the address anywhere, so it is not in the list. A network's own NAT64 prefix can't be told from other
 * addresses.
 */
const ipv4Carriers = ["::ffff:0:0/96", "64:ff9b::/96"].map((block) => ipaddr.parseCIDR(block));

const ipv4Rules = rulesOf(specialIpv4Blocks);
const ipv6Rules = rulesOf(specialIpv6Blocks);
const globalUnicast = ipaddr.parseCIDR("2000::/3");

/** Whether the address, in its plain text form, is an ordinary host of the public internet. */
export function isPublicAddress(address: string): boolean {
  return specialUse(address) === undefined;
}

/** @returns what kind of address it is when it is not public; a text that is no address is not public either */
export function specialUse(address: string): string | undefined {
  // An address with a zone is meant for one link.
  const family = address.includes("%") ? 0 : isIP(address);
  if (family === 0) return "no plain address";
  return family === 4 ? useIn(ipv4Rules, ipaddr.IPv4.parse(address)) : specialIpv6Use(parseIpv6(address));
}

/**
 * Parses the address in hexadecimal, because the library takes the dotted spelling `::192.0.2.1` for a mapped address.
 */
function parseIpv6(address: string): ipaddr.IPv6 {
  return ipaddr.IPv6.parse(new URL(`http://[${address}]`).hostname.slice(1, -1));
}

function specialIpv6Use(address: ipaddr.IPv6): string | undefined {
  if (ipv4Carriers.some((carrier) => address.match(carrier))) {
    return useIn(ipv4Rules, new ipaddr.IPv4(address.toByteArray().slice(12)));
  }
  if (!address.match(globalUnicast)) return "not global unicast";
  if (isIsatap(address)) return "ISATAP";
  return useIn(ipv6Rules, address);
}

/**
 * Whether the address is an ISATAP one. Under any prefix, its interface identifier makes a host with ISATAP send to the
 * IPv4 address behind it (RFC 5214).
 */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
}

interface Rule {
  readonly block: [ipaddr.IPv4 | ipaddr.IPv6, number];
  readonly use: string;
}

function rulesOf(blocks: Readonly<Record<string, string>>): readonly Rule[] {
  return Object.entries(blocks).map(([block, use]) => ({ block: ipaddr.parseCIDR(block), use }));
}

function useIn(rules: readonly Rule[], address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  return rules.find(({ block }) => address.match(block))?.use;
}
