import { Server } from "./library.ts";
import { lockerOf, SessionStore } from "./session-store.ts";
import { refusalOfAnswer, refusalOfError } from "./tus-refusal.ts";
import type { TusWork } from "./tus-work.ts";

export type TusMethod = "DELETE" | "HEAD" | "OPTIONS" | "PATCH" | "POST";

export interface TusQuestion {
  readonly method: TusMethod;
  /** The request's headers by lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** A name for the session that is no secret. Undefined for a creation and for OPTIONS. */
  readonly name: string | undefined;
  readonly lifetimeMs: number;
  /** The length of the longest upload, where the answer is to tell it. */
  readonly maxBytes?: number | undefined;
}

export interface TusAnswer {
  readonly status: number;
  /** The headers of the protocol, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The headers that the protocol's implementation is shown. It reads no other: not the host, nor the parameters, which
 * have a parser of their own.
 */
const shownHeaders = [
  "tus-resumable",
  "upload-offset",
  "upload-length",
  "upload-defer-length",
  "upload-concat",
  "content-type",
  "content-length",
] as const;

const toldHeader = /^(?:tus|upload)-/;
const path = "/sessions";

/**
 * Applies the rules of tus 1.0 to a request, by the protocol's own implementation. The work is done in the order in
 * which the rules ask for it.
 * @throws SluiceError for a request that breaks the rules; whatever the work throws
 */
export async function speakTus(question: TusQuestion, work: TusWork): Promise<TusAnswer> {
  const { method, name, lifetimeMs, maxBytes } = question;
  let thrown: { readonly error: unknown } | undefined;
  const server = new Server({
    path,
    datastore: new SessionStore(work, { lifetimeMs, tellsLength: method === "PATCH" && tellsLength(question) }),
    locker: lockerOf(work),
    ...(maxBytes !== undefined && { maxSize: maxBytes }),
    namingFunction: () => "new",
    generateUrl: () => path,
    onResponseError: (_request, error) => {
      thrown = { error };
      // The answer is not sent. Without one of its own, the implementation would make it of members of the error.
      return { status_code: 500, body: "" };
    },
  });
  const url = `http://tus.invalid${path}${name === undefined ? "" : `/${name}`}`;
  const answer = await server.handleWeb(new Request(url, { method, headers: headersOf(question) }));
  if (thrown !== undefined) throw refusalOfError(thrown.error);
  if (answer.status >= 400) throw refusalOfAnswer(answer.status, await answer.text());
  const told = [...answer.headers].filter(([header]) => toldHeader.test(header));
  return { status: answer.status, headers: Object.fromEntries(told) };
}

function tellsLength({ headers }: TusQuestion): boolean {
  return typeof headers["upload-length"] === "string";
}

function headersOf({ headers }: TusQuestion): Headers {
  const shown = new Headers();
  for (const header of shownHeaders) {
    const value = headers[header];
    if (typeof value === "string") shown.set(header, value);
  }
  return shown;
}
