import type { KeyRole } from "@sluice/protocol/schemas";

/** Known to types alone, so that a viewer stays plain data, which threads and processes can pass on. */
declare const made: unique symbol;

/**
 * What let the viewer in. A session is one of the console; an upload is the address of a resumable one. The server
 * itself reads for jobs, deliveries and maintenance.
 */
export type LetInBy = "key" | "token" | "signature" | "session" | "upload" | "ticket" | "server";

/**
 * Who asks to see something of a library. All that reads what a library shows takes one, and only the functions of this
 * file make it, so nothing is read for nobody in particular.
 */
export interface Viewer {
  readonly accountId: string;
  readonly by: LetInBy;
  readonly role: KeyRole;
  readonly [made]: true;
}

/** The viewer of a request. It is made once, where the request is let in, and passed down from there. */
export function viewerOf(by: Exclude<LetInBy, "server">, accountId: string, role: KeyRole): Viewer {
  return { accountId, by, role } as Viewer;
}

/** The viewer for the server's own work on an account, which sees everything. */
export function viewerOfServer(accountId: string): Viewer {
  return { accountId, by: "server", role: "full" } as Viewer;
}
