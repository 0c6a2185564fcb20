import { createHmac } from "node:crypto";

export interface WebhookToSign {
  /** The event's id, the same on each attempt. */
  readonly id: string;
  /** The body, byte for byte as it is sent. */
  readonly body: string;
  /**
   * The receiver's current secret, with its `whsec_`, and then earlier secrets, because the receiver may not know the
   * current one yet. Without a secret the webhook is unsigned.
   */
  readonly secrets: readonly string[];
  /** The time of this attempt; Unix milliseconds. */
  readonly at: number;
}

/**
 * Creates the headers of both signature schemes (docs/protocol/webhooks-and-extensions.md §6). Both use the secret's
 * text as it is as their key, because the SDKs' `webhooks.unwrap` doesn't decode the part behind `whsec_`.
 */
export function signWebhook({ id, body, secrets, at }: WebhookToSign): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const identity = { "webhook-id": id, "webhook-timestamp": String(seconds) };
  const [current] = secrets;
  if (current === undefined) return identity;
  return {
    ...identity,
    "webhook-signature": secrets
      .map((secret) => `v1,${hmac(secret, `${id}.${seconds}.${body}`).digest("base64")}`)
      .join(" "),
    // This scheme has room for only one signature.
    "x-ik-signature": `t=${at},v1=${hmac(current, `${at}.${body}`).digest("hex")}`,
  };
}

function hmac(secret: string, message: string) {
  return createHmac("sha256", secret).update(message);
}
