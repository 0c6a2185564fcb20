import { ConfigError } from "../config/config-error.ts";
import { parseEndpoints } from "../network/endpoint-settings.ts";
import { isExtensionName } from "./parse/extension-table.ts";

/** Parses which endpoint provides which extension. @throws ConfigError */
export function parseExtensionEndpoints(text: string): Readonly<Record<string, string>> {
  return parseEndpoints(text, {
    flag: "--extension",
    isName: isExtensionName,
    form: "<name>=<url>, the name in lower-case letters, digits, - and _",
  });
}

export function parseExtensionSecret(text: string): string {
  if (/^whsec_[\x21-\x7e]{16,250}$/.test(text)) return text;
  throw new ConfigError("--extension-secret must be whsec_ and at least 16 printable ASCII characters behind it");
}
