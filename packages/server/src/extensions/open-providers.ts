import { outboundRules } from "../network/outbound-rules.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import { autoTagging } from "./auto-tagging/auto-tagging-provider.ts";
import { taggedHere } from "./auto-tagging/tagged-here.ts";
import { boundAwaited } from "./bound-awaited.ts";
import type { ExtensionDeps } from "./deps.ts";
import { httpProvider } from "./http/http-provider.ts";
import type { ExtensionProvider, ExtensionProviders } from "./provider.ts";

const connectMs = 10_000;
/** The number of requests that may wait for one endpoint, each over its own connection. */
const maxAwaitedTasks = 64;

/** Opens the providers in the configuration, by the names of their extensions. */
export function openExtensionProviders(
  services: Pick<ExtensionDeps, "config" | "images" | "now" | "spool">,
): ExtensionProviders {
  const { config } = services;
  const life = new AbortController();
  // The operator's endpoints are trusted like the database's address. Only addresses from requests are not trusted.
  const rules = outboundRules({ allowPrivateNetworks: true });
  const agent = createSafeAgent({ rules, connectMs, signal: life.signal });
  const providers = new Map<string, ExtensionProvider>();
  const tagging = autoTagging(services);
  if (config.autoTagging) for (const name of taggedHere) providers.set(name, tagging);
  for (const [name, url] of Object.entries(config.extensions.endpoints)) {
    const provider = httpProvider({ url, secret: config.extensions.secret ?? "", agent, services });
    providers.set(name, boundAwaited(provider, maxAwaitedTasks));
  }
  return {
    find: (name) => providers.get(name),
    async close() {
      life.abort();
      await agent.destroy();
    },
  };
}
