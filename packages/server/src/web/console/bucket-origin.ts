import { newBlobKey } from "../../storage/blob-key.ts";
import type { BlobStore, LinkedAnswer } from "../../storage/blob-store.ts";

const anyAnswer: LinkedAnswer = {
  contentType: "image/png",
  contentDisposition: "inline",
  cacheControl: "",
  seconds: 1,
};

/**
 * Finds the origin to which delivery redirects clients for media, from an address that the store itself signs: it knows
 * best how its addresses are spelled. Nobody gets that address, and nothing is stored under it. The origin stays, so it
 * is found once.
 * @returns a function whose result is undefined where nobody is redirected, or no address can be signed at present
 */
export function bucketOrigin({ redirect }: Pick<BlobStore, "redirect">): () => Promise<string | undefined> {
  let known: string | undefined;
  return async () => {
    if (redirect === undefined || known !== undefined) return known;
    const address = await redirect(newBlobKey(), anyAnswer).catch(() => undefined);
    if (address !== undefined) known = new URL(address).origin;
    return known;
  };
}
