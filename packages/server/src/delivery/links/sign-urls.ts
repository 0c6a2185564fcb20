import { SluiceError } from "@sluice/protocol";
import type { SignedUrls } from "@sluice/protocol/schemas";
import type { Principal } from "../../accounts/authenticate.ts";
import type { Connection } from "../../database/database.ts";
import { findAssetVersion, findCurrentAsset } from "../../database/repositories/assets.ts";
import { fileObject } from "../../library/files/file-object.ts";
import { signPath } from "../../library/files/url-signature.ts";
import { invalidParameter } from "../../text/parameter.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { readWritten } from "../url/requested-rendition.ts";
import type { AskedSignatures } from "./parse-requests.ts";
import { signingKeyOf } from "./signing-key.ts";

export interface SigningNeeds {
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The address under which clients reach this server, without a trailing slash. */
  readonly publicUrl: () => string;
}

/** What stands behind the path in the URLs of each list of transformations. */
const suffixes = { transformations: "", thumbnails: "/ik-thumbnail.jpg" } as const;
type Listed = keyof typeof suffixes;

/**
 * Signs delivery URLs of a file, as the official SDKs do (docs/protocol/delivery.md §3.1). Each opens one transformation
 * of what has the file's path, until its time is over or the key pair ends that has asked.
 * @throws SluiceError PARAMETER_INVALID, FILE_NOT_FOUND, FILE_VERSION_NOT_FOUND, PRIVATE_KEY_EXPIRED
 */
export async function signUrls(
  { database: { reader }, now, publicUrl }: SigningNeeds,
  principal: Principal,
  { fileId, versionId, transformations, thumbnails, seconds }: AskedSignatures,
): Promise<SignedUrls> {
  const { accountId, imagekitId } = principal;
  const asset =
    versionId === undefined
      ? await findCurrentAsset(reader, accountId, fileId)
      : await findAssetVersion(reader, accountId, fileId, versionId);
  if (asset === undefined) {
    throw new SluiceError(versionId === undefined ? "FILE_NOT_FOUND" : "FILE_VERSION_NOT_FOUND");
  }
  if (asset.is_published === 0) {
    throw invalidParameter("fileId", "The file is a draft, which no URL delivers. Publish it first.");
  }
  const time = now();
  const privateKey = await signingKeyOf(reader, principal, time);
  const until = Math.floor(time / 1000) + seconds;
  const endpoint = `${publicUrl()}/${imagekitId}/`;
  const { url } = fileObject(asset, { publicUrl: publicUrl(), imagekitId });
  const [path = "", query = ""] = url.slice(endpoint.length).split("?");
  const signed = (parameter: Listed, asked: readonly string[]) =>
    asked.map((transformation) => {
      const rest = `${path}${suffixes[parameter]}?${query}${queryOf(parameter, transformation)}`;
      return { transformation, url: endpoint + signPath(privateKey, rest, until) };
    });
  return {
    urls: signed("transformations", transformations),
    ...(thumbnails && { thumbnails: signed("thumbnails", thumbnails) }),
    expiresAt: new Date(until * 1000).toISOString(),
  };
}

/** The characters of a query's value that no client encodes. A transformation can end neither its parameter nor the query. */
const queryText = /^[\w\-.~!$()*+,;=:@/%]*$/;

/** @param transformation as it stands in a URL: what has no place there is percent-encoded */
function queryOf(parameter: Listed, transformation: string): string {
  if (transformation === "") return "";
  if (!queryText.test(transformation)) {
    throw invalidParameter(parameter, "Write them as they stand in a URL: %20 for a space, for example.");
  }
  try {
    readWritten([{ text: transformation, form: "query" }]);
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    throw invalidParameter(parameter, `${error.message.replace(/\.$/, "")}.`);
  }
  return `&tr=${transformation}`;
}
