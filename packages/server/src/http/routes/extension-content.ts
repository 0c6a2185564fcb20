import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync } from "fastify";
import type { Config } from "../../config/config.ts";
import type { Connection } from "../../database/database.ts";
import { findExtensionRun, findVersionContent } from "../../database/repositories/extension-runs.ts";
import { isContentLink } from "../../extensions/http/content-link.ts";
import type { BlobStore } from "../../storage/blob-store.ts";
import { isId } from "../../text/id.ts";
import { addRoute } from "../add-route.ts";
import { notOnConsoleHost } from "../plugins/console-host.ts";
import { deliveryOperations } from "./delivery-operations.ts";

interface ExtensionContentDeps {
  readonly blobs: Pick<BlobStore, "read">;
  readonly config: Pick<Config, "extensions">;
  readonly database: { readonly reader: Connection };
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
}

/**
 * The bytes that an extension works on, for its endpoint alone. The endpoint gets them by a signed link, until the
 * extension ends or the link expires. Any other request is answered with 404.
 */
export function extensionContentRoute({ blobs, config, database, now }: ExtensionContentDeps): FastifyPluginAsync {
  return async (app) => {
    const { secret } = config.extensions;
    if (secret === undefined) return;
    addRoute(
      app,
      deliveryOperations.getExtensionContent,
      async (request, reply) => {
        const { runId } = request.params;
        const { expires, signature } = request.query;
        const claim = { expires: String(expires), signature: String(signature) };
        if (!isId(runId) || !isContentLink(runId, claim, secret, now())) throw new SluiceError("ROUTE_NOT_FOUND");
        const run = await findExtensionRun(database.reader, runId);
        const content = run && (await findVersionContent(database.reader, run.version_id));
        if (content === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
        const { storage_key: key, size } = content;
        // The file must never become a page of this origin, whatever it is.
        reply
          .header("content-type", "application/octet-stream")
          .header("content-length", size)
          .header("content-disposition", "attachment")
          .header("x-content-type-options", "nosniff")
          .header("cache-control", "no-store");
        return reply.send(await blobs.read(key));
      },
      notOnConsoleHost,
    );
  };
}
