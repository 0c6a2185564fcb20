import { hash, randomBytes } from "node:crypto";

/** A new secret of 256 random bits, in 43 characters that need no escaping in cookies and URLs. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** Whether untrusted text has the form of a secret. */
export function isSecret(text: unknown): text is string {
  return typeof text === "string" && /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** The hash by which a secret is kept and looked up. Its timing reveals nothing of the secret. */
export function hashSecret(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}
