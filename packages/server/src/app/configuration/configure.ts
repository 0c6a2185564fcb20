import type { Config } from "../../config/config.ts";
import { ConfigError } from "../../config/config-error.ts";
import { type RawSettings, readSettings } from "../../config/read-settings.ts";
import { resolveConfig } from "../../config/resolve-config.ts";
import type { DomainParsers, Settings } from "../../config/settings.ts";
import { parseDatabaseUrl } from "../../database/postgres/database-url.ts";
import { parseAiEndpoints } from "../../delivery/renditions/ai/ai-provider.ts";
import { parseWebhookSecret, parseWebhookUrlSetting } from "../../events/webhook-options.ts";
import { parseExtensionEndpoints, parseExtensionSecret } from "../../extensions/extension-endpoints.ts";
import { isDetectorInstalled } from "../../media/detection/installed.ts";
import { parseClamdAddress } from "../../virus-scan/clamd-address.ts";

/** The parsers of the domains' settings. */
export const domainParsers: DomainParsers = {
  databaseUrl: parseDatabaseUrl,
  extensions: parseExtensionEndpoints,
  extensionSecret: parseExtensionSecret,
  aiEffects: parseAiEndpoints,
  webhookUrl: (text) => parseWebhookUrlSetting("--webhook-url", text),
  webhookSecret: (text) => parseWebhookSecret("--webhook-secret", text),
  clamd: parseClamdAddress,
};

/** @throws ConfigError that names the setting which is wrong */
export function readAllSettings(raw: RawSettings): Settings {
  return readSettings(raw, domainParsers);
}

/**
 * Makes the configuration of a server or a command. Nothing has been made yet: every problem with the settings is
 * reported here.
 * @throws ConfigError when settings don't fit together, or need something that is not installed
 */
export function configure(settings: Settings): Config {
  // A program that starts a server may pass a URL that nothing has checked.
  if (settings.databaseUrl !== undefined) parseDatabaseUrl(settings.databaseUrl);
  const installed = settings.autoTagging === false ? false : isDetectorInstalled();
  const config = resolveConfig({ ...settings, autoTagging: settings.autoTagging ?? installed });
  if (config.autoTagging && !installed)
    throw new ConfigError("--auto-tagging needs the package @sluice/auto-tagging: install it beside sluice");
  return config;
}
