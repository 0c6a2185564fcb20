import { operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import { changeSwitches, getSwitches, parseSwitchChanges, type SwitchDeps } from "../../accounts/manage-switches.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type DeliverySwitchesDeps = AuthDeps & SwitchDeps;

/** The settings that say how the account delivers, for whoever has a pair with the role full. */
export function deliverySwitchesRoutes(services: DeliverySwitchesDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    addRoute(app, operations.getDeliverySwitches, (request) =>
      getSwitches(services, principalOfRequest(request).accountId),
    );
    addRoute(app, operations.changeDeliverySwitches, (request) => {
      const changes = parseSwitchChanges(jsonObjectOf(request.body));
      return changeSwitches(services, principalOfRequest(request), changes);
    });
  };
}
