import { extname } from "node:path";
import type { RedirectToBlob } from "../../storage/blob-store.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { redirectCacheControl } from "../headers/cache-control.ts";
import type { Answer, Delivery } from "./delivery.ts";

/** How long an address in the storage is good for: long enough to begin with the file, which is all that it is for. */
const linkSeconds = 300;

/**
 * Sends the client to the storage's own address of the file. Type, name and caching there are part of what is signed, so
 * that nobody can have the bytes shown as anything else; the address ends with the signature of the URL that led to it.
 */
export async function redirectToStorage(link: RedirectToBlob, delivery: Delivery): Promise<Answer> {
  const { version, url, cacheability } = delivery;
  const seconds = Math.max(1, Math.min(linkSeconds, cacheability.signedSeconds ?? linkSeconds));
  const location = await link(version.storage_key, {
    contentType: version.mime,
    contentDisposition: url.attachment
      ? contentDisposition(url.attachment, version.name, extname(version.name))
      : "inline",
    cacheControl: `private, max-age=${seconds}`,
    seconds,
  });
  return { status: 302, headers: { location, "cache-control": redirectCacheControl(cacheability, seconds) } };
}
