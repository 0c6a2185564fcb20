import { createHmac } from "node:crypto";

export interface WebhookToSign {
  /** The event's, the same on each attempt. */
  readonly id: string;
  /** Byte for byte what is sent. */
  readonly body: string;
  /** The receiver's, whole; then those that it may still know alone. None leaves the webhook unsigned. */
  readonly secrets: readonly string[];
  /** Unix milliseconds, of this attempt. */
  readonly at: number;
}

/**
 * The headers of both signature schemes (docs/protocol/webhooks-and-extensions.md §6). The key of each is the secret's
 * text as it is: the SDKs' `webhooks.unwrap` doesn't decode what stands behind `whsec_`.
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
    // This scheme has room for one signature alone.
    "x-ik-signature": `t=${at},v1=${hmac(current, `${at}.${body}`).digest("hex")}`,
  };
}

function hmac(secret: string, message: string) {
  return createHmac("sha256", secret).update(message);
}
