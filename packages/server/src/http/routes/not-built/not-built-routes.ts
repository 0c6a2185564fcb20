import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { type AuthNeeds, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { notBuiltOperations } from "./operations.ts";

/**
 * Answers what the vendor's API has and this server doesn't, to those who may use the API. The status is 501: 404 would
 * say to an SDK that the file is missing. SDKs repeat 5xx by themselves unless the header says that it is no use.
 */
export function notBuiltRoutes(needs: AuthNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, needs);
    for (const { method, path, what } of notBuiltOperations) {
      const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<never> => {
        reply.header("x-should-retry", "false");
        throw new SluiceError("NOT_BUILT", { what });
      };
      // Before the body is read: the answer is the same whatever it says.
      app.route({ method, url: path, onRequest: refuse, handler: refuse });
    }
  };
}
