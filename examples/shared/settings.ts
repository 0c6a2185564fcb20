import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";

const { PORT = "4000", SLUICE_URL = "http://127.0.0.1:3000", PUBLIC_KEY, PRIVATE_KEY, SESSION_SECRET } = process.env;

if (!PUBLIC_KEY || !PRIVATE_KEY) {
  throw new Error("Set PUBLIC_KEY and PRIVATE_KEY to the key pair that Sluice printed at its first start.");
}

export const settings = Object.freeze({
  host: "127.0.0.1",
  port: Number(PORT),
  sluiceUrl: SLUICE_URL,
  keys: { publicKey: PUBLIC_KEY, privateKey: PRIVATE_KEY },
  /** Without a secret of your own, all users are signed out when the application restarts. */
  sessionSecret: SESSION_SECRET ?? randomBytes(32).toString("hex"),
});

export function announce(address: AddressInfo | string | null): void {
  const url = typeof address === "object" ? `http://${settings.host}:${address?.port}` : address;
  process.stdout.write(`listening on ${url}\n`);
}
