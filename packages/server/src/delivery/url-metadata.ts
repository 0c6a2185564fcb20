import { Readable } from "node:stream";
import { SluiceError } from "@sluice/protocol";
import type { FileMetadata } from "@sluice/protocol/schemas";
import type { Principal } from "../accounts/authenticate.ts";
import { listFullKeyPairs } from "../database/repositories/key-pairs.ts";
import { signPath } from "../library/files/asset-url.ts";
import {
  type MetadataServices,
  renderedMetadata,
  renderedVideoMetadata,
  storedMetadata,
  type VideoMetadataServices,
} from "../library/files/file-metadata.ts";
import { deliver } from "./deliver.ts";
import type { DeliveryDeps } from "./deps.ts";
import { isThere } from "./find/access.ts";
import { findAsked } from "./find/find-file.ts";
import { DeliveryRefusal } from "./refusals/refusal.ts";
import { refusals } from "./refusals/refusal-table.ts";
import { splitEndpoint, splitRest } from "./url/delivery-url.ts";
import { chooseEndpoint, parseEndpointUrl } from "./url/endpoint-url.ts";
import { splitQuery } from "./url/query.ts";

export type UrlMetadataDeps = MetadataServices & DeliveryDeps & VideoMetadataServices;

/**
 * Reads the metadata of what one of the account's own URLs delivers (docs/protocol/media-api.md §5.6). They describe the
 * image or video that is made where the URL has a transformation, and the stored file otherwise. The URL itself is not
 * fetched. The caller may read all of the account's files, so private and restricted files are treated as if the URL was
 * signed. A draft is delivered to nobody, and no origin is asked.
 * @returns undefined for a file that has no metadata
 * @throws SluiceError URL_NOT_OF_ACCOUNT, FILE_INACCESSIBLE, SERVER_BUSY
 */
export async function urlMetadata(
  deps: UrlMetadataDeps,
  principal: Principal,
  url: string,
  signal: AbortSignal,
): Promise<FileMetadata | undefined> {
  const rest = restOf(deps, principal, url);
  try {
    const { reader } = deps.database;
    const chosen = chooseEndpoint(await deps.urlEndpoints.of(principal.accountId), rest);
    const parsed = parseEndpointUrl(chosen);
    const { asked, suffixes } = await findAsked(reader, principal.viewer, parsed);
    if (parsed.transformations.length === 0 && suffixes.length === 0) {
      if (!isThere(asked)) throw new DeliveryRefusal("NOT_FOUND");
      return await storedMetadata(deps, principal.accountId, asked, signal);
    }
    // Signed by the server, the URL would open origins that the caller may not open.
    if (asked === undefined && chosen.endpoint.origins.length > 0) throw new DeliveryRefusal("NOT_FOUND");
    const target = `/${principal.imagekitId}/${await signed(deps, principal, rest)}`;
    const { stored, headers, body } = await deliver(deps, { target, method: "GET", headers: {} }, signal);
    // A job still makes it.
    if (headers["is-intermediate-response"] === "true") throw new SluiceError("FILE_INACCESSIBLE");
    // A stored file may have gigabytes; no more of it is read than its metadata needs.
    if (stored !== undefined) return await storedMetadata(deps, principal.accountId, stored, signal);
    if (body === undefined) return undefined;
    const contentType = headers["content-type"];
    if (/^(video|audio)\//.test(contentType ?? "")) {
      const open = typeof body === "function" ? body : async () => Readable.from([body]);
      const video = { mime: contentType as string, size: Number(headers["content-length"]), open };
      return await renderedVideoMetadata(deps, principal.accountId, video, signal);
    }
    if (!(body instanceof Uint8Array)) return undefined;
    return await renderedMetadata(deps, principal.accountId, { bytes: body, contentType }, signal);
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    throw refusalOf(error);
  }
}

/** The part of the URL behind the account's endpoint, without its signature. */
function restOf({ publicUrl }: UrlMetadataDeps, { imagekitId }: Principal, text: string): string {
  const base = new URL(publicUrl());
  const asked = URL.parse(text);
  const prefix = base.pathname.replace(/\/$/, "");
  const target = text.replace(/^https?:\/\/[^/?#]*/i, "");
  if (asked === null || !/^https?:$/.test(asked.protocol) || asked.host !== base.host || !target.startsWith(prefix)) {
    throw new SluiceError("URL_NOT_OF_ACCOUNT", { endpoint: `${publicUrl()}/${imagekitId}/` });
  }
  const endpoint = splitEndpoint(target.slice(prefix.length));
  if (endpoint.imagekitId !== imagekitId) {
    throw new SluiceError("URL_NOT_OF_ACCOUNT", { endpoint: `${publicUrl()}/${imagekitId}/` });
  }
  const { path, query } = splitRest(endpoint.rest);
  const pairs = query === undefined ? [] : splitQuery(query).filter(({ name }) => name !== "ik-s" && name !== "ik-t");
  return pairs.length === 0 ? path : `${path}?${pairs.map((pair) => pair.text).join("&")}`;
}

async function signed({ database, now }: UrlMetadataDeps, { accountId }: Principal, rest: string): Promise<string> {
  const [pair] = await listFullKeyPairs(database.reader, accountId, now());
  return pair === undefined ? rest : signPath(pair.private_key, rest);
}

function refusalOf(cause: DeliveryRefusal): SluiceError {
  if (cause.reason === "BUSY" || cause.reason === "UNAVAILABLE") return new SluiceError("SERVER_BUSY", {}, { cause });
  if (refusals[cause.reason].status === 404) return new SluiceError("FILE_INACCESSIBLE", {}, { cause });
  return new SluiceError("FILE_UNREADABLE", { problem: `${cause.message}.` }, { cause });
}
