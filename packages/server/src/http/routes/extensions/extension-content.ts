import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../../config/config.ts";
import type { Connection } from "../../../database/database.ts";
import { findExtensionRun, findVersionContent } from "../../../database/repositories/extension-runs.ts";
import { contentPath, isContentLink } from "../../../extensions/http/content-link.ts";
import type { BlobStore } from "../../../storage/blob-store.ts";
import { isId } from "../../../text/id.ts";

export interface ExtensionContentNeeds {
  readonly blobs: Pick<BlobStore, "read">;
  readonly config: Pick<Config, "extensions">;
  readonly database: { readonly reader: Connection };
  /** Unix milliseconds. */
  readonly now: () => number;
}

/**
 * The bytes that an extension works on, for its endpoint alone: by a signed link, until the extension has ended or the
 * link has. Whatever else is asked for is not there.
 */
export function extensionContentRoute({ blobs, config, database, now }: ExtensionContentNeeds): FastifyPluginAsync {
  return async (app) => {
    const { secret } = config.extensions;
    if (secret === undefined) return;
    app.get<{ Params: { runId: string }; Querystring: Record<string, unknown> }>(
      contentPath,
      async (request, reply) => {
        const { runId } = request.params;
        const { expires, signature } = request.query;
        const claim = { expires: String(expires), signature: String(signature) };
        if (!isId(runId) || !isContentLink(runId, claim, secret, now())) throw new SluiceError("ROUTE_NOT_FOUND");
        const run = await findExtensionRun(database.reader, runId);
        const content = run && (await findVersionContent(database.reader, run.version_id));
        if (content === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
        const { storage_key: key, size } = content;
        // Never a page of this origin, whatever the file is.
        reply
          .header("content-type", "application/octet-stream")
          .header("content-length", size)
          .header("content-disposition", "attachment")
          .header("x-content-type-options", "nosniff")
          .header("cache-control", "no-store");
        return reply.send(await blobs.read(key));
      },
    );
  };
}
