import { outboundRules } from "../network/outbound-rules.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import { autoTagging } from "./auto-tagging/auto-tagging-provider.ts";
import { boundAwaited } from "./bound-awaited.ts";
import { httpProvider } from "./http/http-provider.ts";
import type { ExtensionNeeds } from "./needs.ts";
import type { ExtensionProvider, ExtensionProviders } from "./provider.ts";

const connectMs = 10_000;
/** Requests that may wait for one endpoint, each over a connection of its own. */
const mostAwaited = 64;
/** What the local model does, unless an endpoint does it. */
const taggedHere = ["google-auto-tagging", "aws-auto-tagging"] as const;

/** The providers that the configuration names, by the names of their extensions. */
export function openExtensionProviders(
  services: Pick<ExtensionNeeds, "config" | "images" | "now" | "spool">,
): ExtensionProviders {
  const { config } = services;
  const life = new AbortController();
  // Where the operator sends extensions is trusted like the database's address: only what requests bring is not.
  const rules = outboundRules({ allowPrivateNetworks: true });
  const agent = createSafeAgent({ rules, connectMs, signal: life.signal });
  const providers = new Map<string, ExtensionProvider>();
  const tagging = autoTagging(services);
  if (config.autoTagging) for (const name of taggedHere) providers.set(name, tagging.provider);
  for (const [name, url] of Object.entries(config.extensions.endpoints)) {
    const provider = httpProvider({ url, secret: config.extensions.secret ?? "", agent, services });
    providers.set(name, boundAwaited(provider, mostAwaited));
  }
  return {
    find: (name) => providers.get(name),
    async close() {
      life.abort();
      await Promise.all([tagging.close(), agent.destroy()]);
    },
  };
}
