import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import { type RawSettings, readSettings } from "../../config/read-settings.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { DomainParsers, Settings } from "../../config/settings.ts";
import { parseDatabaseUrl } from "../../database/postgres/database-url.ts";
import { parseWebhookSecret, parseWebhookUrl } from "../../events/webhook-options.ts";
import { isAutoTaggingInstalled } from "../../extensions/auto-tagging/installed.ts";
import { parseExtensionEndpoints, parseExtensionSecret } from "../../extensions/extension-endpoints.ts";
import { parseClamdAddress } from "../../virus-scan/clamd-address.ts";

/** How the settings of the domains are read. */
export const domainParsers: DomainParsers = {
  databaseUrl: parseDatabaseUrl,
  extensions: parseExtensionEndpoints,
  extensionSecret: parseExtensionSecret,
  webhookUrl: (text) => parseWebhookUrl("--webhook-url", text),
  webhookSecret: (text) => parseWebhookSecret("--webhook-secret", text),
  clamd: parseClamdAddress,
};

/** @throws ConfigError that names the setting which is wrong */
export function readAllSettings(raw: RawSettings): Settings {
  return readSettings(raw, domainParsers);
}

/**
 * The configuration of a server or a command. Nothing has been made yet: whatever is wrong with the settings is said here.
 * @throws ConfigError when settings don't fit together, or need what isn't there
 */
export function configure(settings: Settings): Config {
  // A program that starts a server brings the URL as it likes.
  if (settings.databaseUrl !== undefined) parseDatabaseUrl(settings.databaseUrl);
  const installed = settings.autoTagging === false ? false : isAutoTaggingInstalled();
  const config = resolveConfig({ ...settings, autoTagging: settings.autoTagging ?? installed });
  if (config.autoTagging && !installed) throw new ConfigError("--auto-tagging needs the package @sluice/auto-tagging");
  return config;
}
