import { ConfigError } from "../config/config-error.ts";
import { RemoteError } from "./remote-error.ts";
import { parseRemoteUrl } from "./remote-url.ts";

/** The names that an operator has endpoints for. */
export interface EndpointNames {
  readonly flag: string;
  readonly isName: (text: string) => boolean;
  /** The form of an entry, in words that follow "must be". */
  readonly form: string;
}

/**
 * Parses which endpoint does what: `name=url` entries, separated by commas. A comma that no name follows belongs to the
 * URL.
 * @throws ConfigError that names the entry, and never the URL, which may hold a secret
 */
export function parseEndpoints(text: string, { flag, isName, form }: EndpointNames): Readonly<Record<string, string>> {
  const endpoints: Record<string, string> = {};
  for (const item of text.split(/,(?=[^,=/?]+=)/)) {
    const [, name = "", url = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(item) ?? [];
    if (!isName(name)) throw new ConfigError(`${flag} must be ${form}`);
    if (Object.hasOwn(endpoints, name)) throw new ConfigError(`${flag} names ${name} twice`);
    endpoints[name] = parseEndpoint(`${flag} ${name}`, url);
  }
  return Object.freeze(endpoints);
}

/**
 * Parses a URL to which the operator has requests sent. Its address is checked on connecting.
 * @param setting what the error calls it
 * @throws ConfigError without the URL, which may hold a secret
 */
export function parseEndpoint(setting: string, url: string): string {
  try {
    return parseRemoteUrl(url, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new ConfigError(`${setting} must be an http or https URL without credentials`);
  }
}
