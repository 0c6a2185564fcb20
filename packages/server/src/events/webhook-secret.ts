import { randomBytes } from "node:crypto";

/** What webhooks are signed with, as it is stored. */
export interface StoredSecret {
  readonly secret: string;
  /** The one before, with which is signed as well until then. */
  readonly earlier_secret: string | null;
  /** Unix milliseconds. */
  readonly earlier_secret_until: number | null;
}

/** A new random secret in the form that the vendor's have (docs/protocol/webhooks-and-extensions.md §6). */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Whoever guesses it can make up webhooks, so that a short one is refused. */
export function isWebhookSecret(text: string): boolean {
  return /^whsec_[\x21-\x7e]{16,250}$/.test(text);
}

/** The current one, then the one before as long as receivers may still know that alone. */
export function secretsOf(stored: StoredSecret, now: number): readonly string[] {
  const { secret, earlier_secret: earlier, earlier_secret_until: until } = stored;
  return earlier !== null && until !== null && until > now ? [secret, earlier] : [secret];
}

/** @param graceMs for how long is signed with the current secret as well; 0 for no longer */
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
