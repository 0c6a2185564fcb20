import type { ConsoleRole } from "../accounts/key-roles.ts";
import type { Config } from "../config/config.ts";
import { isLoopbackHost } from "../config/loopback-host.ts";
import type { Database } from "../database/database.ts";
import { reachableHere } from "../network/url-of-address.ts";
import { hashSecret, newSecret } from "../text/secrets.ts";
import { createConsoleLink } from "./session-transactions.ts";

type LinkDatabase = Pick<Database, "run">;

const minuteMs = 60_000;

/** The time for which a link works that a start prints: somebody may read it later. */
export const startLinkMs = 60 * minuteMs;

/** The time for which a link works that somebody has asked for. */
export const askedLinkMs = 10 * minuteMs;

/**
 * Makes a link that signs in once.
 * @param address the console's address
 * @returns undefined where there is no such account that is active
 */
export async function makeConsoleLink(
  database: LinkDatabase,
  address: string,
  input: { readonly imagekitId: string; readonly role: ConsoleRole; readonly lifeMs: number },
): Promise<string | undefined> {
  const secret = newSecret();
  const made = await database.run(createConsoleLink, { ...input, hash: hashSecret(secret), now: Date.now() });
  // Browsers send no fragment to a server, so the secret is in no log of one.
  return made ? `${address}#link=${secret}` : undefined;
}

/**
 * The address of the console for people.
 * @param url the address under which clients reach the server
 */
export function consoleAddress({ consoleOrigin }: Pick<Config, "consoleOrigin">, url: string): string {
  if (consoleOrigin !== undefined) return `${consoleOrigin}/console`;
  return `${reachableHere(url)}/console`;
}

/** Whether browsers keep a session at this address: over HTTPS, or on the machine itself. */
export function takesSessions(address: string): boolean {
  const { protocol, host } = new URL(address);
  return protocol === "https:" || isLoopbackHost(host);
}
