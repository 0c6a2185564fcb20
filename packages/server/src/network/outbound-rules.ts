import type { LookupAddress } from "node:dns";
import { lookup } from "node:dns/promises";
import { isPublicAddress } from "./address-rules.ts";

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
