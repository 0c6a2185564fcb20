import { SluiceError } from "@sluice/protocol";
import { type FileMetadata, operations, UrlMetadataQuery } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { findCurrentAsset } from "../../database/repositories/assets.ts";
import { urlMetadata } from "../../delivery/url-metadata.ts";
import { storedMetadata } from "../../library/files/file-metadata.ts";
import { invalidParameter, unknownParameter } from "../../text/parameter.ts";
import { addRoute, type DepsOf } from "../add-route.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";
import { idIn } from "./files.ts";

type MetadataDeps = AuthDeps & DepsOf<typeof storedMetadata> & DepsOf<typeof urlMetadata>;

/** The metadata routes (docs/protocol/media-api.md §5.6). */
export function metadataRoutes(services: MetadataDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    addRoute(app, operations.getFileMetadata, async (request, reply) => {
      const { accountId, viewer } = principalOfRequest(request);
      const fileId = idIn(request.params, "fileId");
      const asset = await findCurrentAsset(services.database.reader, viewer, fileId);
      if (asset === undefined) throw new SluiceError("FILE_INACCESSIBLE");
      return metadataObject(
        await whileConnected(reply, (signal) => storedMetadata(services, accountId, asset, signal)),
      );
    });
    addRoute(app, operations.getUrlMetadata, async (request, reply) => {
      const { url, ...others } = request.query;
      // Another parameter may be the end of a URL that wasn't encoded. Without it the answer would be about another
      // image.
      for (const name of Object.keys(others)) throw unknownParameter(name, Object.keys(UrlMetadataQuery.properties));
      if (typeof url !== "string" || url === "") throw invalidParameter("url", "Send one URL of a file.");
      const principal = principalOfRequest(request);
      return metadataObject(await whileConnected(reply, (signal) => urlMetadata(services, principal, url, signal)));
    });
  };
}

/** @throws SluiceError FILE_UNREADABLE where the file has no metadata */
function metadataObject(metadata: FileMetadata | undefined): FileMetadata {
  if (metadata !== undefined) return metadata;
  throw new SluiceError("FILE_UNREADABLE", {
    problem: "Only images of types that are decoded here have metadata, and videos and audio files that were read.",
  });
}
