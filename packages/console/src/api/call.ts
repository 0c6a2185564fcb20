import { texts } from "../texts/texts.ts";
import { Problem, problemIn } from "./problem.ts";
import { queries, sessionKey } from "./queries.ts";
import { noteAnswer } from "./reach.ts";
import type { Answer, Request, Route } from "./routes.ts";

/** Other sites' pages can't send this header without a preflight, which the server refuses. */
const ownHeaders = { "x-sluice-console": "1" };

const signInRoute: Route = "POST /_sluice/console/session";

interface Answered<Name extends Route> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answer<Name>;
}

interface AnyRequest {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

/**
 * Asks the server, with the session's cookie.
 * @throws Problem for a refusal and for a server that can't be reached; the signal's reason
 */
export async function call<Name extends Route>(
  route: Name,
  request: Request<Name>,
  signal?: AbortSignal,
): Promise<Answered<Name>> {
  const answer = await ask(route, request, signal);
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text === "" ? undefined : JSON.parse(text)) as Answer<Name>,
  };
}

/** Asks the server for a picture. @throws as `call` does */
export async function callForPicture<Name extends Route>(
  route: Name,
  request: Request<Name>,
  signal?: AbortSignal,
): Promise<Blob> {
  const answer = await ask(route, request, signal, { accept: "image/webp,*/*" });
  return answer.blob();
}

async function ask<Name extends Route>(
  route: Name,
  request: Request<Name>,
  signal?: AbortSignal,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { parameters = {}, query = {}, body } = request as AnyRequest;
  const [method = "GET", path = "/"] = route.split(" ");
  const session = queries.getQueryData(sessionKey);
  const headers = { ...ownHeaders, ...more };
  const answer = await send(`${fill(path, parameters)}${queryText(query)}`, {
    method,
    signal: signal ?? null,
    headers: body === undefined ? headers : { ...headers, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!answer.ok) {
    const problem = await problemIn(answer);
    noteAnswer(answer.status, problem.reason);
    // Without a session, nothing here can go on. Signing in is refused where it is tried. A late answer says nothing of
    // a session that has begun since.
    const isSame = queries.getQueryData(sessionKey) === session;
    if (problem.isSignedOut && isSame && route !== signInRoute) queries.setQueryData(sessionKey, null);
    throw problem;
  }
  noteAnswer(answer.status);
  return answer;
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "error", ...init });
  } catch (error) {
    init.signal?.throwIfAborted();
    noteAnswer(0);
    throw new Problem(texts.problem.unreachable, { status: 0, cause: error });
  }
}

function fill(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(parameters[name] ?? ""));
}

function queryText(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}
