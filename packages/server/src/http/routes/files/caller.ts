import type { FastifyRequest } from "fastify";
import type { AssetRow } from "../../../database/repositories/assets.ts";
import { eventContextOf } from "../../../events/event-context.ts";
import type { Endpoint } from "../../../library/files/asset-url.ts";
import { findThumbnailKey } from "../../../library/files/asset-url.ts";
import { principalOfRequest } from "../../plugins/basic-auth.ts";
import type { FilesNeeds } from "./needs.ts";

/** The context of a request's change: who is told of it, and when it happens. */
export function changeOf({ now, publicUrl }: Pick<FilesNeeds, "now" | "publicUrl">, request: FastifyRequest) {
  return { events: eventContextOf(principalOfRequest(request), publicUrl()), now: now() };
}

/** The address under which the caller's files are delivered, with what the assets' thumbnails need. */
export async function endpointOf(
  { database, now, publicUrl }: Pick<FilesNeeds, "database" | "now" | "publicUrl">,
  request: FastifyRequest,
  assets: readonly AssetRow[],
): Promise<Endpoint> {
  const { accountId, imagekitId } = principalOfRequest(request);
  const thumbnailKey = await findThumbnailKey(database.reader, accountId, assets, now());
  return { publicUrl: publicUrl(), imagekitId, thumbnailKey };
}
