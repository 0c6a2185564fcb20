import type { MadePreviews } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import { findVersionIds } from "../../database/repositories/versions.ts";
import { previewEnd, previewLink } from "./preview-link.ts";
import type { SigningNeeds } from "./sign-urls.ts";
import { signingKeyOf } from "./signing-key.ts";

/**
 * Makes links that show versions for some minutes, drafts and private files included. A link ends with the key pair
 * that has asked for it.
 */
export async function makePreviews(
  { database: { reader }, now, publicUrl }: SigningNeeds,
  principal: Principal,
  versionIds: readonly string[],
): Promise<MadePreviews> {
  const { accountId, imagekitId } = principal;
  const time = now();
  const privateKey = await signingKeyOf(reader, principal, time);
  const there = new Set(await findVersionIds(reader, accountId, versionIds));
  const end = previewEnd(time);
  const expires = String(end);
  const link = (versionId: string) => previewLink(privateKey, imagekitId, { accountId, versionId, expires });
  return {
    previews: versionIds
      .filter((id) => there.has(id))
      .map((versionId) => ({ versionId, url: `${publicUrl()}${link(versionId)}` })),
    missing: versionIds.filter((id) => !there.has(id)),
    expiresAt: new Date(end * 1000).toISOString(),
  };
}
