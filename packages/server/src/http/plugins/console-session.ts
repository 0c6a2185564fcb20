import { SluiceError } from "@sluice/protocol";
import type { KeyRole } from "@sluice/protocol/schemas";
import type { FastifyRequest } from "fastify";
import { assertRole } from "../../accounts/key-roles.ts";
import type { ConsoleDoor } from "../../console/console-door.ts";
import { findSession, type SessionInForce } from "../../console/find-session.ts";
import { noteAccount } from "../noted-refusals.ts";
import { assertFromConsole, type ConsolePlace } from "./console-request.ts";

/**
 * The name of the session's cookie. Cookies ignore ports, so the name tells the servers of one machine apart. The prefix
 * has browsers keep a cookie that another host of the domain, or a page without HTTPS, can't have set.
 */
export async function cookieName(door: Pick<ConsoleDoor, "instance">, { secure }: ConsolePlace): Promise<string> {
  return `${secure ? "__Host-" : ""}sluice_${await door.instance()}`;
}

/**
 * The value of the cookie. Two different ones are none: a server at another port may have set one of them. Only blanks
 * and tabs are taken off the beginning of a name. Other white space, such as a no-break space, belongs to the name for
 * browsers. They let other hosts of the domain set such a cookie, because its name lacks the prefix.
 */
export function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? "")
    .split(";")
    .map((pair) => pair.replace(/^[ \t]+/, ""))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return new Set(values).size === 1 ? values[0] : undefined;
}

/** @param seconds after which the browser forgets the cookie; 0 has the browser forget it now */
export function setCookie(name: string, value: string, { secure }: ConsolePlace, seconds: number): string {
  const attributes = ["Path=/", "HttpOnly", "SameSite=Strict", `Max-Age=${seconds}`, ...(secure ? ["Secure"] : [])];
  return [`${name}=${value}`, ...attributes].join("; ");
}

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
