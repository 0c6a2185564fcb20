import type { FastifyPluginAsync } from "fastify";
import { keepBodiesRaw } from "../../json-body.ts";
import { requireBasicAuth } from "../../plugins/basic-auth.ts";
import { makePreviewsRoute } from "./make-previews.ts";
import type { PreviewRoutesNeeds } from "./needs.ts";
import { openPreviewRoute } from "./open-preview.ts";
import { signUrlsRoute } from "./sign-urls.ts";

/** Links that open private files and drafts for a while, and signatures of delivery URLs (docs/signed-urls.md). */
export function previewsRoutes(services: PreviewRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    app.register(async (inside) => {
      requireBasicAuth(inside, services);
      keepBodiesRaw(inside);
      makePreviewsRoute(inside, services);
      signUrlsRoute(inside, services);
    });
    app.register(async (outside) => openPreviewRoute(outside, services));
  };
}
