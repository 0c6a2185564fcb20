import { randomBytes } from "node:crypto";

/** The secrets with which webhooks are signed, as they are stored. */
export interface StoredSecret {
  readonly secret: string;
  /** The previous secret. Webhooks are also signed with it until `earlier_secret_until`. */
  readonly earlier_secret: string | null;
  /** The end of the earlier secret in Unix milliseconds. */
  readonly earlier_secret_until: number | null;
}

/** Creates a random secret in the vendor's format (docs/protocol/webhooks-and-extensions.md §6). */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Whether a secret may be used. A short one is refused, because anybody who guesses it can forge webhooks. */
export function isWebhookSecret(text: string): boolean {
  return /^whsec_[\x21-\x7e]{16,250}$/.test(text);
}

/** The current secret, then the previous one for as long as receivers may know only that one. */
export function secretsOf(stored: StoredSecret, now: number): readonly string[] {
  const { secret, earlier_secret: earlier, earlier_secret_until: until } = stored;
  return earlier !== null && until !== null && until > now ? [secret, earlier] : [secret];
}

/** @param graceMs how long webhooks are also signed with the current secret; 0 for no longer */
export function rotatedSecret(
  { secret: current }: Pick<StoredSecret, "secret">,
  { secret, graceMs, now }: { readonly secret: string; readonly graceMs: number; readonly now: number },
): StoredSecret {
  return {
    secret,
    earlier_secret: graceMs > 0 ? current : null,
    earlier_secret_until: graceMs > 0 ? now + graceMs : null,
  };
}
