import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance, HTTPMethods } from "fastify";

/**
 * Refuses the methods that a path does not have, by a route of its own: a page of another origin can read why it was
 * refused only with the CORS headers of the path's other routes.
 * @param allowed the methods that the path has
 */
export function refuseOtherMethods(app: FastifyInstance, url: string, method: HTTPMethods[], allowed: string): void {
  app.route({
    method,
    url,
    exposeHeadRoute: false,
    handler: (_request, reply) => {
      reply.header("allow", allowed);
      throw new SluiceError("METHOD_NOT_ALLOWED", { allowed });
    },
  });
}
