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
 * Creates the headers of both signature schemes (docs/protocol/webhooks-and-extensions.md §6). A receiver takes a webhook
 * when one entry of `webhook-signature` fits, so each secret has an entry for every way in which libraries read it.
 */
export function signWebhook({ id, body, secrets, at }: WebhookToSign): Record<string, string> {
  const seconds = Math.floor(at / 1000);
  const identity = { "webhook-id": id, "webhook-timestamp": String(seconds) };
  const [current] = secrets;
  if (current === undefined) return identity;
  return {
    ...identity,
    "webhook-signature": secrets
      .flatMap(keysOf)
      .map((key) => `v1,${hmac(key, `${id}.${seconds}.${body}`).digest("base64")}`)
      .join(" "),
    // This scheme has room for only one signature.
    "x-ik-signature": `t=${at},v1=${hmac(current, `${at}.${body}`).digest("hex")}`,
  };
}

/**
 * The keys that libraries make of a secret: the vendor's SDK takes the whole text, as it does not decode the part behind
 * `whsec_`; `standardwebhooks` and `svix` decode it. They throw for a part that isn't Base64, so such a secret has no
 * second key.
 */
function keysOf(secret: string): readonly (string | Buffer)[] {
  const encoded = secret.replace(/^whsec_/, "");
  return isBase64(encoded) ? [secret, Buffer.from(encoded, "base64")] : [secret];
}

/** Whether a text is in the standard alphabet of Base64, with its padding or without. */
function isBase64(text: string): boolean {
  return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/.test(text);
}

function hmac(key: string | Buffer, message: string) {
  return createHmac("sha256", key).update(message);
}
