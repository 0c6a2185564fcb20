import { timingSafeEqual } from "node:crypto";
import { reachableHere } from "../../network/url-of-address.ts";
import { hashSecret } from "../../text/secrets.ts";

/** The path of the demo page. */
export const demoPath = "/_sluice/demo";

/** The header in which the page sends the secret. A page of another origin can't send it without being allowed to. */
export const demoSecretHeader = "x-sluice-demo";

/**
 * The link that opens the demo page so that it gets tokens. Browsers send no fragment to a server, so the secret is in
 * no log of one.
 * @param url the address under which clients reach the server
 */
export function demoLink(url: string, secret: string): string {
  return `${reachableHere(url)}${demoPath}#secret=${secret}`;
}

/**
 * Whether a request comes from a page that was opened by the link. Nothing else about a request proves that: a proxy may
 * put its own name into `Host`, an attacker may point a name at this machine, and programs write any header.
 */
export function carriesSecret(headers: Headers, secret: string): boolean {
  return timingSafeEqual(hashSecret(headers.get(demoSecretHeader) ?? ""), hashSecret(secret));
}
