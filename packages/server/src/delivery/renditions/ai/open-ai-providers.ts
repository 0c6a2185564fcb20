import type { Config } from "../../../config/config.ts";
import { type AiEffect, isAiEffect } from "../../../media/image/plan/ai-effects.ts";
import { outboundRules } from "../../../network/outbound-rules.ts";
import { createSafeAgent } from "../../../network/safe-agent.ts";
import type { AiProvider, AiProviders } from "./ai-provider.ts";
import { httpAiProvider } from "./http-ai-provider.ts";

const connectMs = 10_000;

/** Opens the providers in the configuration, by their effects. */
export function openAiProviders({
  config: { extensions, aiEffects, limits },
  now,
}: {
  readonly config: Pick<Config, "aiEffects" | "extensions" | "limits">;
  readonly now: () => number;
}): AiProviders {
  const life = new AbortController();
  // The operator's endpoints are trusted like the database's address. Only addresses from requests are not trusted.
  const rules = outboundRules({ allowPrivateNetworks: true });
  const agent = createSafeAgent({ rules, connectMs, signal: life.signal });
  const providers = new Map<AiEffect, AiProvider>();
  for (const [effect, url] of Object.entries(aiEffects.endpoints)) {
    if (!isAiEffect(effect)) continue;
    providers.set(effect, httpAiProvider({ url, secret: extensions.secret ?? "", agent, limits, now }));
  }
  return {
    effects: new Set(providers.keys()),
    unsigned: aiEffects.unsigned,
    find: (effect) => providers.get(effect),
    async close() {
      life.abort();
      await agent.destroy();
    },
  };
}
