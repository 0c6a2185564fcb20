import { createHmac } from "node:crypto";

/** This number stands for the expiry in signatures that have none. */
const never = "9999999999";

/**
 * The signature of a delivery URL, as the official SDKs make it (docs/protocol/delivery.md §3.1).
 * @param message the part of the URL behind the endpoint, without `ik-t` and `ik-s`
 * @param expiry Unix seconds as decimal digits
 */
export function signatureOf(privateKey: string, message: string, expiry: string | undefined): Buffer {
  return createHmac("sha1", privateKey)
    .update(message + (expiry ?? never))
    .digest();
}

/**
 * The key with which the server itself signs the thumbnails that its answers name. Whoever uploads chooses such a
 * file's path, so a signature of this key must not count where one that the account's owner made would
 * (docs/protocol/delivery.md §8.1).
 */
export function thumbnailSigner(privateKey: string): string {
  return createHmac("sha256", privateKey).update("thumbnails that the server signs").digest("hex");
}

/**
 * Signs a URL.
 * @param rest the part of the URL behind the endpoint, encoded as it will be sent
 * @param until Unix seconds
 * @returns `rest` with its signature
 */
export function signPath(privateKey: string, rest: string, until?: number): string {
  const expiry = until === undefined ? undefined : String(until);
  const signature = signatureOf(privateKey, rest, expiry).toString("hex");
  const separator = rest.includes("?") ? "&" : "?";
  return `${rest}${separator}${expiry === undefined ? "" : `ik-t=${expiry}&`}ik-s=${signature}`;
}
