import { SluiceError } from "@sluice/protocol";
import type { KeyRole } from "@sluice/protocol/schemas";
import type { FastifyRequest } from "fastify";
import { assertRole } from "../../accounts/key-roles.ts";
import type { ConsoleDoor } from "../../console/console-door.ts";
import { findSession, type SessionInForce } from "../../console/find-session.ts";
import { noteAccount } from "../noted-refusals.ts";
import { cookieIn, cookieName } from "./console-cookie.ts";
import { assertFromConsole } from "./console-request.ts";

const sessions = new WeakMap<FastifyRequest, SessionInForce>();

/**
 * The session whose cookie the request carries. The role of the session decides as that of a key pair would.
 * @throws SluiceError CONSOLE_SESSION_MISSING, CONSOLE_SESSION_ENDED, KEY_NOT_ALLOWED, and those of `assertFromConsole`
 */
export async function authenticateSession(
  door: ConsoleDoor,
  request: FastifyRequest,
  roles: readonly KeyRole[],
): Promise<SessionInForce> {
  const place = assertFromConsole(request, door.config);
  const token = cookieIn(request.headers.cookie, await cookieName(door, place));
  if (token === undefined) throw new SluiceError("CONSOLE_SESSION_MISSING");
  const session = await findSession(door, token);
  if (session === undefined) throw new SluiceError("CONSOLE_SESSION_ENDED");
  noteAccount(request, session.principal.accountId, true);
  assertRole(session.role, roles);
  sessions.set(request, session);
  return session;
}

/** The session of a request that `authenticateSession` has let in; undefined for a request with a private key. */
export function sessionOf(request: FastifyRequest): SessionInForce | undefined {
  return sessions.get(request);
}

/** The session of a request to a route that takes sessions alone. */
export function signedInSessionOf(request: FastifyRequest): SessionInForce {
  const session = sessionOf(request);
  if (session === undefined) throw new Error("the route does not take sessions alone");
  return session;
}
