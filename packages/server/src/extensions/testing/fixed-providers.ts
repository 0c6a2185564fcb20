import type { ExtensionProvider, ExtensionProviders } from "../provider.ts";

export function fixedProviders(providers: Readonly<Record<string, ExtensionProvider>> = {}): ExtensionProviders {
  const byName = new Map(Object.entries(providers));
  return { find: (name) => byName.get(name), async close() {} };
}
