import { outboundRules } from "../network/outbound-rules.ts";
import { createSafeAgent } from "../network/safe-agent.ts";
import type { Services } from "../services.ts";
import { httpProvider } from "./http/http-provider.ts";
import type { ExtensionProvider, ExtensionProviders } from "./provider.ts";

const connectMs = 10_000;

/** The providers that the configuration names, by the names of their extensions. */
export function openExtensionProviders(services: Pick<Services, "config" | "now" | "spool">): ExtensionProviders {
  const { config } = services;
  const life = new AbortController();
  const agent = createSafeAgent({ rules: outboundRules(config), connectMs, signal: life.signal });
  const providers = new Map<string, ExtensionProvider>();
  for (const [name, url] of Object.entries(config.extensions.endpoints)) {
    providers.set(name, httpProvider({ url, secret: config.extensions.secret ?? "", agent, services }));
  }
  return {
    find: (name) => providers.get(name),
    async close() {
      life.abort();
      await agent.destroy();
    },
  };
}
