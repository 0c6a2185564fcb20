import { ConfigError } from "../config/config-error.ts";
import { RemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { isExtensionName } from "./parse/extension-table.ts";

/**
 * Parses which endpoint provides which extension: `name=url` entries, separated by commas. A comma that no name follows
 * belongs to the URL.
 * @throws ConfigError that names the extension, and never the URL, which may hold a secret
 */
export function parseExtensionEndpoints(text: string): Readonly<Record<string, string>> {
  const endpoints: Record<string, string> = {};
  for (const item of text.split(/,(?=[^,=/?]+=)/)) {
    const [, name = "", url = ""] = /^\s*([^=]*)=(.*?)\s*$/.exec(item) ?? [];
    if (!isExtensionName(name)) {
      throw new ConfigError("--extension must be <name>=<url>, the name in lower-case letters, digits, - and _");
    }
    if (Object.hasOwn(endpoints, name)) throw new ConfigError(`--extension names ${name} twice`);
    endpoints[name] = parseEndpoint(name, url);
  }
  return Object.freeze(endpoints);
}

function parseEndpoint(name: string, url: string): string {
  try {
    return parseRemoteUrl(url, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new ConfigError(`--extension ${name} must be an http or https URL without credentials`);
  }
}

export function parseExtensionSecret(text: string): string {
  if (/^whsec_[\x21-\x7e]{16,250}$/.test(text)) return text;
  throw new ConfigError("--extension-secret must be whsec_ and at least 16 printable ASCII characters behind it");
}
