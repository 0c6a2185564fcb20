import { SluiceError } from "@sluice/protocol";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { type AuthNeeds, requireBasicAuth } from "../../plugins/basic-auth.ts";
import { notBuiltOperations } from "./operations.ts";

/**
 * Answers requests for the parts of the vendor's API that this server doesn't have, when the caller may use the API.
 * The status is 501, because 404 would tell an SDK that the file is missing. SDKs retry 5xx by themselves unless the
 * header says that a retry is no use.
 */
export function notBuiltRoutes(needs: AuthNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, needs);
    for (const { method, path, what } of notBuiltOperations) {
      const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<never> => {
        reply.header("x-should-retry", "false");
        throw new SluiceError("NOT_BUILT", { what });
      };
      // Refused before the body is read, because the answer is the same for every body.
      app.route({ method, url: path, onRequest: refuse, handler: refuse });
    }
  };
}
