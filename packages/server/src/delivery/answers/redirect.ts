import { extname } from "node:path";
import type { RedirectToBlob } from "../../storage/blob-store.ts";
import type { Answer, Delivery } from "../delivery.ts";
import { contentDisposition } from "../headers/attachment.ts";
import { redirectCacheControl } from "../headers/cache-control.ts";

/**
 * The time for which a storage address is valid. It only has to be long enough for the client to begin reading the
 * file.
 */
const linkSeconds = 300;

/**
 * Redirects the client to the storage's own address of the file. The signature of that address covers the content type,
 * name and caching headers, so that nobody can have the bytes shown as anything else. The address expires no later than
 * the signature of the URL that led to it.
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
