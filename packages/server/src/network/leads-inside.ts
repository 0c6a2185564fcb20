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
