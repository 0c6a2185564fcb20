import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { isPublicAddress } from "./address-rules.ts";

/**
 * Whether a URL's text alone tells that it leads to an address that is not public: a literal address, in any spelling
 * that URL parsers take, or `localhost` with the names below it (RFC 6761). The text doesn't tell where any other name
 * leads.
 */
export function leadsInside(url: string): boolean {
  const host = new URL(url).hostname.replaceAll(/^\[|\]$|\.+$/g, "");
  return isIP(host) === 0 ? /(^|\.)localhost$/.test(host) : !isPublicAddress(host);
}

/** The addresses to which this server may connect on behalf of a caller. */
export interface OutboundRules {
  /** Called with every address before it is connected to, and once more with the one that was connected to. */
  readonly mayConnect: (address: string) => boolean;
  /** All addresses of a name, as the system's resolver returns them. */
  readonly resolve: (hostname: string) => Promise<readonly LookupAddress[]>;
}

export function outboundRules(options: { readonly allowPrivateNetworks: boolean }): OutboundRules {
  return {
    mayConnect: options.allowPrivateNetworks ? () => true : isPublicAddress,
    resolve: (hostname) => lookup(hostname, { all: true }),
  };
}
