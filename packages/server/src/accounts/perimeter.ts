import ipaddr from "ipaddr.js";

/**
 * The clients that an account delivers to (docs/protocol/delivery.md §2). Each list holds entries that are allowed, and
 * entries behind `not:` that are blocked. An empty list lets every client pass.
 */
export interface Perimeter {
  /** Host names, and `*.` before a host name for its subdomains. */
  readonly referrers: readonly string[];
  /** IP addresses and CIDR ranges. */
  readonly clientAddresses: readonly string[];
  /** Parts of a `User-Agent`, in lower case. */
  readonly userAgents: readonly string[];
  /** Codes of two characters, in upper case. */
  readonly countries: readonly string[];
}

/** A client as its request shows it. A header that wasn't sent is undefined. */
export interface ClientTraits {
  readonly address: string;
  readonly referrer: string | undefined;
  readonly userAgent: string | undefined;
  /** The country as the trusted proxy in front states it. */
  readonly country: string | undefined;
}

/** The entry for a request that doesn't tell the trait. */
export const untold = "none";
/** The beginning of an entry that is blocked. */
export const blockedPrefix = "not:";

/** Whether the perimeter restricts anything. */
export function isGuarded(perimeter: Perimeter): boolean {
  return rules.some(({ list }) => perimeter[list].length > 0);
}

/** @returns the first list that doesn't let the client pass, or undefined */
export function findBarrier(perimeter: Perimeter, client: ClientTraits): keyof Perimeter | undefined {
  return rules.find(({ list, matches }) => !passes(perimeter[list], (entry) => matches(entry, client)))?.list;
}

function passes(entries: readonly string[], matches: (entry: string) => boolean): boolean {
  const blocked = entries.filter((entry) => entry.startsWith(blockedPrefix));
  if (blocked.some((entry) => matches(entry.slice(blockedPrefix.length)))) return false;
  return blocked.length === entries.length || entries.some((entry) => !blocked.includes(entry) && matches(entry));
}

interface Rule {
  readonly list: keyof Perimeter;
  readonly matches: (entry: string, client: ClientTraits) => boolean;
}

/** The lists, in the order in which a client is told of them. */
const rules: readonly Rule[] = [
  { list: "clientAddresses", matches: (entry, { address }) => isWithin(address, entry) },
  { list: "referrers", matches: (entry, { referrer }) => comesFrom(referrer, entry) },
  {
    list: "userAgents",
    matches: (entry, { userAgent = "" }) =>
      entry === untold ? userAgent === "" : userAgent.toLowerCase().includes(entry),
  },
  {
    list: "countries",
    matches: (entry, { country = "" }) => (entry === untold ? !isCountry(country) : country.toUpperCase() === entry),
  },
];

/** Whether a text has the form of a country's code. Proxies send `XX` and `T1` for what is no country. */
export function isCountry(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]$/.test(text);
}

/** An IPv4 address within IPv6 counts as the IPv4 address. */
function isWithin(address: string, range: string): boolean {
  const [bare = ""] = address.split("%");
  if (!ipaddr.isValid(bare)) return false;
  const client = ipaddr.process(bare);
  const [network, bits] = range.includes("/") ? ipaddr.parseCIDR(range) : ([ipaddr.parse(range), undefined] as const);
  if (client.kind() !== network.kind()) return false;
  return client.match(network, bits ?? (client.kind() === "ipv4" ? 32 : 128));
}

/** A text that isn't a URL names no host, so it matches no entry, and not `none` either. */
function comesFrom(referrer: string | undefined, entry: string): boolean {
  if (referrer === undefined || referrer === "") return entry === untold;
  const host = URL.parse(referrer)?.hostname.replace(/\.$/, "") ?? "";
  return entry.startsWith("*.") ? host.endsWith(entry.slice(1)) && host.length >= entry.length : host === entry;
}
