import { SluiceError } from "@sluice/protocol";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { authenticateBasic, type Principal } from "../../accounts/authenticate.ts";
import { fullAlone } from "../../accounts/key-roles.ts";
import { expectsBody } from "../expects-body.ts";
import type { RequestCounts } from "./api-rate-limit.ts";
import { raiseStanding } from "./bound-connections.ts";

export interface AuthNeeds {
  readonly accountsByKey: AccountsByKey;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The counts are absent where the requests of the media API aren't limited. */
  readonly requestCounts?: RequestCounts | undefined;
}

const principals = new WeakMap<FastifyRequest, Principal>();

/**
 * Every route of `app` needs Basic authentication, checked before the body is read (docs/protocol/media-api.md §1). What
 * a route asks of the key pair is said by its operation. A route without an operation is left to the pairs that may do
 * everything.
 */
export function requireBasicAuth(app: FastifyInstance, needs: AuthNeeds): void {
  const { accountsByKey, now, requestCounts } = needs;
  app.addHook("onRequest", async (request, reply) => {
    const principal = await authenticateBasic(
      accountsByKey,
      request.headers.authorization,
      now(),
      request.routeOptions.config.operation?.access.keys ?? fullAlone,
    );
    if (principal === undefined) throw new SluiceError("PRIVATE_KEY_MISSING");
    principals.set(request, principal);
    requestCounts?.admit(principal.accountId, reply, now());
    // A body may trickle for hours. Until it has arrived, the connection counts as any other that is in use.
    raiseStanding(request.raw, expectsBody(request.raw) ? "active" : "vouched");
  });
  app.addHook("preHandler", async (request) => {
    raiseStanding(request.raw, "vouched");
    // A key pair may have been revoked while the body came.
    if (!expectsBody(request.raw)) return;
    const { accountId, key } = principalOfRequest(request);
    await accountsByKey.assertUnrevoked(accountId, key.id);
  });
}

/** The principal that an authenticated request speaks for. */
export function principalOfRequest(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error("the route is outside requireBasicAuth");
  return principal;
}
