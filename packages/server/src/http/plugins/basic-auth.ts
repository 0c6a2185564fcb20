import { SluiceError } from "@sluice/protocol";
import type { Access } from "@sluice/protocol/schemas";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AccountsByKey } from "../../accounts/accounts-by-key.ts";
import { authenticateBasic, type Principal } from "../../accounts/authenticate.ts";
import { fullAlone } from "../../accounts/key-roles.ts";
import type { ConsoleDoor } from "../../console/console-door.ts";
import { noteAccount } from "../noted-refusals.ts";
import { expectsBody } from "../request-body.ts";
import type { RequestCounts } from "./api-rate-limit.ts";
import { raisePriority } from "./bound-connections.ts";
import { isMarked } from "./console-request.ts";
import { authenticateSession, sessionOf } from "./console-session.ts";

export interface AuthDeps {
  readonly accountsByKey: AccountsByKey;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
  /** The counts are absent where the requests of the media API aren't limited. */
  readonly requestCounts?: RequestCounts | undefined;
  /** The door is absent where there is no console. */
  readonly door?: ConsoleDoor | undefined;
}

/** The access of a route without an operation. */
const byFullKeyAlone: Access = { credentials: ["privateKey"], keys: fullAlone };

const principals = new WeakMap<FastifyRequest, Principal>();

/**
 * Every route of `app` needs a key pair's private key or a session of the console, as its operation says; this is
 * checked before the body is read (docs/protocol/media-api.md §1). The operation also says which roles are let in. A route
 * without an operation is left to the pairs that may do everything.
 */
export function requireBasicAuth(app: FastifyInstance, deps: AuthDeps): void {
  const { accountsByKey, now, requestCounts, door } = deps;
  app.addHook("onRequest", async (request, reply) => {
    const principal = await authenticate(deps, request);
    principals.set(request, principal);
    requestCounts?.admit(principal.accountId, reply, now());
    // A body may trickle for hours. Until it has arrived, the connection counts as any other that is in use.
    raisePriority(request.raw, expectsBody(request.raw) ? "active" : "authenticated");
  });
  app.addHook("preHandler", async (request) => {
    raisePriority(request.raw, "authenticated");
    // A key pair may have been revoked while the body came.
    if (!expectsBody(request.raw)) return;
    const { accountId, key } = principalOfRequest(request);
    await accountsByKey.assertUnrevoked(accountId, key.id);
    // Neither is the session of before still in force then.
    if (door !== undefined && sessionOf(request) !== undefined) await authenticate(deps, request);
  });
}

async function authenticate({ accountsByKey, now, door }: AuthDeps, request: FastifyRequest): Promise<Principal> {
  const { credentials, keys } = request.routeOptions.config.operation?.access ?? byFullKeyAlone;
  const byKey = credentials.includes("privateKey");
  const { authorization } = request.headers;
  const accounts = accountsByKey.telling((id, isProven) => noteAccount(request, id, isProven));
  const principal = byKey ? await authenticateBasic(accounts, authorization, now(), keys) : undefined;
  if (principal !== undefined) return principal;
  // A cookie alone proves nothing: the browser sends it with what other pages make it ask for as well.
  const marked = door !== undefined && credentials.includes("consoleSession") && isMarked(request);
  if (byKey && !marked) throw new SluiceError("PRIVATE_KEY_MISSING");
  if (door === undefined) throw new SluiceError("ROUTE_NOT_FOUND");
  return (await authenticateSession(door, request, keys)).principal;
}

/** The principal that an authenticated request speaks for. */
export function principalOfRequest(request: FastifyRequest): Principal {
  const principal = principals.get(request);
  if (principal === undefined) throw new Error("the route is outside requireBasicAuth");
  return principal;
}
