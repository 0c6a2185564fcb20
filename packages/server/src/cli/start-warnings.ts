import type { Config } from "../config/config.ts";
import { isLoopback } from "../config/resolve-config.ts";
import { leadsInside } from "../network/outbound-rules.ts";

/**
 * The fewest characters that a private key should have: HS256 wants a key as long as its hash, 256 bits (RFC 7518
 * §3.2).
 */
const minKeyLength = 32;

/** One line for each setting that is let through because it can be meant, but is more often an oversight. */
export function startWarnings({ allowPrivateNetworks, host, keyPair, publicUrl, webhook }: Config): string[] {
  const warnings: string[] = [];
  if (keyPair !== undefined && keyPair.privateKey.length < minKeyLength) {
    warnings.push(
      `--private-key is shorter than ${minKeyLength} characters: whoever sees a token may find out the key by trying`,
    );
  }
  if (!isLoopback(host) && publicUrl === undefined) {
    warnings.push("listening beyond loopback without --public-url: the URLs in answers name the address listened on");
  }
  if (webhook.url !== undefined && !allowPrivateNetworks && leadsInside(webhook.url)) {
    warnings.push(
      "--webhook-url leads to an address that is not public: nothing is sent there without --allow-private-networks",
    );
  }
  return warnings;
}
