import { ConfigError } from "../config/config-error.ts";
import { RemoteError } from "../network/remote-error.ts";
import { parseRemoteUrl } from "../network/remote-url.ts";
import { isWebhookSecret } from "./webhook-secret.ts";

export const maxWebhookUrlLength = 2048;

/**
 * Parses a webhook's URL. The address behind it is checked on connecting. The URL may carry a secret, so errors don't
 * repeat it.
 * @throws ConfigError
 */
export function parseWebhookUrlSetting(flag: string, text: string): string {
  if (text.length > maxWebhookUrlLength)
    throw new ConfigError(`${flag} must have at most ${maxWebhookUrlLength} characters`);
  try {
    return parseRemoteUrl(text, "It").href;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    throw new ConfigError(`${flag} must be an http or https URL without credentials`);
  }
}

/** @throws ConfigError */
export function parseWebhookSecret(flag: string, text: string): string {
  if (!isWebhookSecret(text)) {
    throw new ConfigError(`${flag} must be whsec_ and 16 to 250 printable ASCII characters without spaces`);
  }
  return text;
}
