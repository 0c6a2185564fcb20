import { ConfigError } from "../../config/config-error.ts";
import { aiEffects, isAiEffect } from "../../media/image/plan/ai-effects.ts";
import { RemoteError } from "../../network/remote-error.ts";
import { parseRemoteUrl } from "../../network/remote-url.ts";

/**
 * Parses which endpoint does which effect: `effect=url` entries, separated by commas. A comma that no effect follows
 * belongs to the URL.
 * @throws ConfigError that names the effect, and never the URL, which may hold a secret
 */
export function parseAiEndpoints(text: string): Readonly<Record<string, string>> {
  const endpoints: Record<string, string> = {};
  for (const item of text.split(/,(?=[^,=/?]+=)/)) {
    const [, name = "", url = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(item) ?? [];
    if (!isAiEffect(name)) {
      throw new ConfigError(
        `--ai-effect must be <effect>=<url>, the effect one of ${Object.keys(aiEffects).join(", ")}`,
      );
    }
    if (Object.hasOwn(endpoints, name)) throw new ConfigError(`--ai-effect names ${name} twice`);
    endpoints[name] = parseEndpoint(name, url);
  }
  return Object.freeze(endpoints);
}

function parseEndpoint(name: string, url: string): string {
  try {
    return parseRemoteUrl(url, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new ConfigError(`--ai-effect ${name} must be an http or https URL without credentials`);
  }
}
