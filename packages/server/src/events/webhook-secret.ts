import { randomBytes } from "node:crypto";

/** A new random secret in the form that the vendor's have (spec/webhooks-and-extensions.md §6). */
export function generateWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** Whoever guesses it can make up webhooks, so that a short one is refused. */
export function isWebhookSecret(text: string): boolean {
  return /^whsec_[\x21-\x7e]{16,250}$/.test(text);
}
