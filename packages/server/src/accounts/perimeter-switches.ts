import ipaddr from "ipaddr.js";
import { blockedPrefix, isCountry, type Perimeter, untold } from "./perimeter.ts";
import type { SwitchRecord } from "./switch-record.ts";

/** The value of a list that lets every client pass. */
export const everybody = "any";

interface ListRules {
  readonly max: number;
  /** The accepted entries, described for people. */
  readonly entries: string;
  readonly description: string;
  /** @returns the entry as it is compared, or undefined for an entry that is not accepted */
  readonly parseEntry: (text: string) => string | undefined;
}

function listOf(flag: string, { max, entries, description, parseEntry }: ListRules): SwitchRecord<readonly string[]> {
  const accept = (value: unknown) => {
    if (!Array.isArray(value) || value.length > max) return undefined;
    const parsed = value.map((entry) => {
      // As an entry beside others, or as the only one of an array, it would let nobody pass.
      if (typeof entry !== "string" || entry === everybody) return undefined;
      const isBlocked = entry.startsWith(blockedPrefix);
      const read = parseEntry(isBlocked ? entry.slice(blockedPrefix.length) : entry);
      return read === undefined ? undefined : `${isBlocked ? blockedPrefix : ""}${read}`;
    });
    return parsed.every((entry) => entry !== undefined) ? parsed : undefined;
  };
  const parse = (text: string) => (text === everybody ? [] : accept(text.split(",")));
  return { flag, values: `${everybody}, or up to ${max} ${entries}`, standard: [], description, parse, accept };
}

/** The switches of the perimeter. The greatest numbers of entries are the vendor's (docs/protocol/delivery.md §2). */
export const perimeterSwitches = {
  clientAddresses: listOf("client-addresses", {
    max: 100,
    entries: "addresses and CIDR ranges",
    description: "addresses of the clients that are delivered to; others answer 403",
    parseEntry: parseRange,
  }),
  referrers: listOf("referrers", {
    max: 30,
    entries: "hosts, `*.` before a host for its subdomains, `none` for requests without a referrer",
    description: "sites that may embed the files, by the `Referer` of the request; others answer 403",
    parseEntry: (text) => (text === untold ? text : parseHost(text)),
  }),
  userAgents: listOf("user-agents", {
    max: 10,
    entries: "parts of a user agent, `none` for requests without one",
    description: "programs that are delivered to, by the `User-Agent` of the request; others answer 403",
    parseEntry: (text) => (/^[\x20-\x7e]{1,100}$/.test(text) && text.trim() === text ? text.toLowerCase() : undefined),
  }),
  countries: listOf("countries", {
    max: 250,
    entries: "country codes, `none` for an unknown country",
    description: "countries that are delivered to, by the header that `--country-header` names; others answer 403",
    parseEntry: (text) => (text === untold ? text : isCountry(text) ? text.toUpperCase() : undefined),
  }),
} as const satisfies { readonly [List in keyof Perimeter]: SwitchRecord<Perimeter[List]> };

/**
 * An IPv4 address within IPv6 is refused, because it would never match: such a client counts as its IPv4 address. So is
 * an IPv4 address in another spelling than the dotted one.
 */
function parseRange(text: string): string | undefined {
  const [address = "", bits] = text.split("/");
  const isPlain = ipaddr.IPv4.isValidFourPartDecimal(address) || (address.includes(":") && !address.includes("%"));
  const isValid = bits === undefined ? ipaddr.isValid(address) : /^\d{1,3}$/.test(bits) && ipaddr.isValidCIDR(text);
  if (!isPlain || !isValid) return undefined;
  const parsed = ipaddr.parse(address);
  return parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress() ? undefined : text;
}

/** A host in another alphabet is kept as browsers send it, in Punycode. */
function parseHost(text: string): string | undefined {
  const [, wildcard = "", host = ""] = /^(\*\.)?(.+)$/.exec(text) ?? [];
  if (/[\s/\\?#@:*%[\]]/.test(host)) return undefined;
  const url = URL.parse(`http://${host}`);
  return url === null ? undefined : wildcard + url.hostname.replace(/\.$/, "");
}
