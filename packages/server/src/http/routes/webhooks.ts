import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import {
  addEndpoint,
  changeEndpoint,
  listEndpoints,
  removeEndpoint,
  replayEvent,
  type WebhookDeps,
} from "../../events/manage-webhooks.ts";
import { parseAttemptListing } from "../../events/parse-webhook.ts";
import { listAttempts, readAttempt } from "../../events/read-attempts.ts";
import { TooManyWebhookTests, type WebhookTestDeps, WebhookTests } from "../../events/test-webhook.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";
import { whileConnected } from "../while-connected.ts";

type WebhooksRoutesDeps = AuthDeps & WebhookDeps & WebhookTestDeps;

/**
 * The account's webhook endpoints and the attempts to deliver to them, for key pairs with the role full. Answers may
 * hold a secret and what other servers have said, so no cache keeps them.
 */
export function webhooksRoutes(services: WebhooksRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    const { reader } = services.database;
    const tests = new WebhookTests(services);
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    app.addHook("onClose", () => tests.close());
    addRoute(app, operations.listWebhookEndpoints, (request) => listEndpoints(services, principalOfRequest(request)));
    addRoute(app, operations.createWebhookEndpoint, async (request, reply) => {
      const added = await addEndpoint(services, principalOfRequest(request), jsonObjectOf(request.body));
      return reply.code(201).send(added);
    });
    addRoute(app, operations.changeWebhookEndpoint, (request) =>
      changeEndpoint(services, principalOfRequest(request), request.params.id, jsonObjectOf(request.body)),
    );
    addRoute(app, operations.deleteWebhookEndpoint, async (request, reply) => {
      await removeEndpoint(services, principalOfRequest(request), request.params.id);
      return reply.code(204).send();
    });
    addRoute(app, operations.testWebhookEndpoint, (request, reply) =>
      whileConnected(reply, (signal) =>
        tests.run(principalOfRequest(request).accountId, request.params.id, signal).catch((error: unknown) => {
          if (error instanceof TooManyWebhookTests) reply.header("retry-after", error.seconds);
          throw error;
        }),
      ),
    );
    addRoute(app, operations.replayWebhookEvent, async (request, reply) => {
      await replayEvent(services, principalOfRequest(request), request.params.id, jsonObjectOf(request.body));
      return reply.code(202).send();
    });
    addRoute(app, operations.listWebhookAttempts, (request) =>
      listAttempts(reader, principalOfRequest(request).accountId, parseAttemptListing(request.query)),
    );
    addRoute(app, operations.getWebhookAttempt, (request) =>
      readAttempt(reader, principalOfRequest(request).accountId, request.params.id),
    );
  };
}
