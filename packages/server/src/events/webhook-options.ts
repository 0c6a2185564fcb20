import { ConfigError } from "../config/config-error.ts";
import { parseEndpoint } from "../network/endpoint-settings.ts";
import { isWebhookSecret } from "./webhook-secret.ts";

export const maxWebhookUrlLength = 2048;

/** Parses a webhook's URL. @throws ConfigError without the URL, which may hold a secret */
export function parseWebhookUrlSetting(flag: string, text: string): string {
  if (text.length > maxWebhookUrlLength)
    throw new ConfigError(`${flag} must have at most ${maxWebhookUrlLength} characters`);
  return parseEndpoint(flag, text);
}

/** @throws ConfigError */
export function parseWebhookSecret(flag: string, text: string): string {
  if (!isWebhookSecret(text)) {
    throw new ConfigError(`${flag} must be whsec_ and 16 to 250 printable ASCII characters without spaces`);
  }
  return text;
}
