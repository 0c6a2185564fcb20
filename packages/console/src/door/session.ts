import { useQuery } from "@tanstack/react-query";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import { queries, sessionKey } from "../api/queries.ts";
import type { Answer } from "../api/routes.ts";
import { dismissAll } from "../shell/notice-store.ts";

export type Session = Answer<"GET /_sluice/console/session">;

/** The credentials for which the server opens a session. */
type Credentials = { readonly publicKey: string; readonly privateKey: string } | { readonly link: string };

/** The session of this browser: null if there is none, undefined while that is not known yet. */
export function useFoundSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => findSession(signal),
    staleTime: 5 * 60_000,
    refetchInterval: ({ state }) => state.status === "error" && againMs,
  });
}

/** While the server can't be reached, it is asked for the session again after this time. */
const againMs = 4000;

/** The role and the account of the session that this page had last. */
let lastUser: string | undefined;

/** The role and the account of a session: whatever a view shows is theirs. */
export function userOf({ account, session }: Session): string {
  return `${session.role} ${account.imagekitId}`;
}

/** The tabs of a browser have one cookie. Each is told when another one signs in or out. */
const otherTabs = new BroadcastChannel("sluice console session");
otherTabs.onmessage = () => void queries.invalidateQueries({ queryKey: sessionKey });

async function findSession(signal: AbortSignal): Promise<Session | null> {
  try {
    const { body } = await call("GET /_sluice/console/session", {}, signal);
    const user = userOf(body);
    // Somebody else has signed in in another tab of this browser.
    if (lastUser !== undefined && user !== lastUser) forget();
    lastUser = user;
    for (const begin of beginnings) begin();
    return body;
  } catch (error) {
    if (asProblem(error).isSignedOut) return null;
    throw error;
  }
}

/** The session, for parts of the console that are shown in a session only. */
export function useSession(): Session {
  const session = queries.getQueryData<Session | null>(sessionKey);
  const { data = session } = useFoundSession();
  if (!data) throw new Error("There is no session");
  return data;
}

/** Whether the session's key may change anything. */
export function useMayChange(): boolean {
  return useSession().session.role === "full";
}

export async function signIn(credentials: Credentials): Promise<void> {
  const { body } = await call("POST /_sluice/console/session", { body: credentials });
  // Uploads have waited for a session. They go on in one of the same account and role.
  if (userOf(body) !== lastUser) forget();
  lastUser = userOf(body);
  queries.setQueryData(sessionKey, body);
  otherTabs.postMessage(null);
  for (const begin of beginnings) begin();
}

export async function signOut(): Promise<void> {
  await call("DELETE /_sluice/console/session", {});
  lastUser = undefined;
  queries.setQueryData(sessionKey, null);
  otherTabs.postMessage(null);
  forget();
}

const beginnings = new Set<() => void>();

/** Resolves once somebody has signed in. Rejects when the signal is aborted. */
export async function untilSignedIn(signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort);
  beginnings.add(resolve);
  try {
    signal.throwIfAborted();
    await promise;
  } finally {
    beginnings.delete(resolve);
    signal.removeEventListener("abort", onAbort);
  }
}

const endings = new Set<() => void>();

/**
 * Calls the function when the session ends in this page. What goes on beside the views registers here, because the
 * session doesn't know it.
 * @returns a function that takes it back
 */
export function onSignOut(end: () => void): () => void {
  endings.add(end);
  return () => endings.delete(end);
}

/** Nothing of what a session has seen stays for the next one. */
function forget(): void {
  dismissAll();
  for (const end of endings) end();
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
}
