import type { Connection } from "../../../database/database.ts";
import { findAccount } from "../../../database/repositories/accounts.ts";
import { listFullKeyPairs } from "../../../database/repositories/key-pairs.ts";
import { assetUrl } from "../../../library/files/asset-url.ts";
import { signPath } from "../../../library/files/url-signature.ts";
import type { Answer, Delivery } from "../../delivery.ts";

/** A signed address of the original is followed at once. */
const signedSeconds = 300;

/**
 * The answer to a URL whose video isn't encoded yet: the client plays the original meanwhile
 * (docs/protocol/delivery.md §11). Whoever has signed the URL gets a signed address.
 * @param now Unix milliseconds
 */
export async function pendingVideo(
  reader: Connection,
  { version, url, signed }: Pick<Delivery, "version" | "url" | "signed">,
  now: number,
): Promise<Answer> {
  const account = await findAccount(reader, { id: version.account_id });
  const imagekitId = account?.imagekit_id ?? "";
  const path = assetUrl("", imagekitId, version.folder_path, version.name).slice(`/${imagekitId}/`.length);
  const which = url.objectVersion === undefined ? "" : `ik-obj-version=${url.objectVersion}&`;
  const rest = `${path}?${which}tr=orig-true`;
  const [pair] = signed ? await listFullKeyPairs(reader, version.account_id, now) : [];
  const end = Math.ceil(now / 1000) + signedSeconds;
  const location = `/${imagekitId}/${pair === undefined ? rest : signPath(pair.private_key, rest, end)}`;
  const headers = { location, "cache-control": "no-store", "is-intermediate-response": "true" };
  return { status: 302, headers };
}
