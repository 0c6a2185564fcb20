import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { type AccountJobNeeds, countJobsOfAccount, listAccountJobs, retryFailedJobs } from "../../jobs/account-jobs.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthNeeds, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

export type JobsRoutesNeeds = AuthNeeds & AccountJobNeeds;

/** The jobs that the server does for the account, for key pairs with the role full. */
export function jobsRoutes(services: JobsRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    addRoute(app, operations.listJobs, (request) =>
      listAccountJobs(services, principalOfRequest(request).accountId, request.query),
    );
    addRoute(app, operations.countJobs, (request) =>
      countJobsOfAccount(services, principalOfRequest(request).accountId),
    );
    addRoute(app, operations.retryJobs, async (request) => {
      const { accountId } = principalOfRequest(request);
      return { retried: await retryFailedJobs(services, accountId, jsonObjectOf(request.body)) };
    });
  };
}
