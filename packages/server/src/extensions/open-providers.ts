import type { ExtensionProvider, ExtensionProviders } from "./provider.ts";

/** The providers that the configuration names, by the names of their extensions. */
export function openExtensionProviders(providers: ReadonlyMap<string, ExtensionProvider>): ExtensionProviders {
  return {
    find: (name) => providers.get(name),
    async close() {},
  };
}
