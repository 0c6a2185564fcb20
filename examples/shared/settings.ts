import { createHmac } from "node:crypto";
import type { AddressInfo } from "node:net";

const { PORT = "4000", SLUICE_URL = "http://127.0.0.1:3000", PUBLIC_KEY, PRIVATE_KEY, SESSION_SECRET } = process.env;

export const settings = Object.freeze({
  host: "127.0.0.1",
  port: Number(PORT),
  sluiceUrl: SLUICE_URL,
  /** @throws Error where they are not set; a build without them succeeds, since it never asks for them */
  get keys() {
    if (PUBLIC_KEY && PRIVATE_KEY) return { publicKey: PUBLIC_KEY, privateKey: PRIVATE_KEY };
    throw new Error("Set PUBLIC_KEY and PRIVATE_KEY to the key pair that Sluice printed at its first start.");
  },
  /** The secret that signs sessions. One that isn't set is derived from the private key, which it doesn't tell. */
  get sessionSecret() {
    return (
      SESSION_SECRET ?? createHmac("sha256", this.keys.privateKey).update("sessions of the examples").digest("hex")
    );
  },
});

export function announce(address: AddressInfo | string | null): void {
  const url = typeof address === "object" ? `http://${settings.host}:${address?.port}` : address;
  process.stdout.write(`listening on ${url}\n`);
}
