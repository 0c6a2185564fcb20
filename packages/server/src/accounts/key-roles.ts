import { SluiceError } from "@sluice/protocol";
import type { KeyRole } from "@sluice/protocol/schemas";

/** The roles of key pairs, with what a pair of each role may do. What an operation needs is in its `access`. */
export const keyRoles = {
  full: "may do everything",
  upload: "may upload, and ask for the outcome of its uploads",
  read: "may read: the GET requests of /v1, and download what is public as ZIP",
} as const satisfies Record<KeyRole, string>;

/** The rights of a key pair. They are fixed when the pair is made. */
export interface KeyRights {
  readonly role: KeyRole;
  /** Whether an upload may add a version to a file that is there. Only the role `upload` may lack this. */
  readonly mayOverwrite: boolean;
}

export const fullRights: KeyRights = { role: "full", mayOverwrite: true };

/** The roles of the pairs that sign delivery URLs and V1 uploads, and that everything else is left to. */
export const fullAlone: readonly KeyRole[] = ["full"];

/**
 * Whether a pair of that role sees what is in the library, and says who else does. One that may only upload knows of a
 * file no more than what it has set itself.
 */
export function seesLibrary(role: KeyRole): boolean {
  return role !== "upload";
}

/** The roles whose pairs sign in to the console, and which a session of it has. */
export const consoleRoles = ["full", "read"] as const satisfies readonly KeyRole[];
export type ConsoleRole = (typeof consoleRoles)[number];

export function isConsoleRole(role: KeyRole): role is ConsoleRole {
  return consoleRoles.some((one) => one === role);
}

export function isKeyRole(text: string): text is KeyRole {
  return Object.hasOwn(keyRoles, text);
}

/** @throws SluiceError KEY_NOT_ALLOWED */
export function assertRole(role: KeyRole, allowed: readonly KeyRole[]): void {
  if (!allowed.includes(role)) throw new SluiceError("KEY_NOT_ALLOWED", { role, needed: allowed.join(" or ") });
}
