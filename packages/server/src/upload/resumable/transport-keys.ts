/**
 * Keys of Upload-Metadata that tus clients add by themselves. They are no parameters of an upload, unless a token claims
 * one of them.
 */
const transportKeys: ReadonlySet<string> = new Set(["filename", "filetype", "name", "type", "relativePath"]);

/** Leaves out the keys that nobody asked for. @param claims the token's; undefined where there is none */
export function withoutTransportKeys(
  pairs: readonly (readonly [name: string, value: string])[],
  claims: ReadonlyMap<string, unknown> | undefined,
): (readonly [name: string, value: string])[] {
  return pairs.filter(([name]) => !transportKeys.has(name) || claims?.has(name));
}
