import { type Dispatcher, request } from "undici";
import type { OutboundRules } from "./outbound-rules.ts";
import { RemoteError, toRemoteError } from "./remote-error.ts";
import { parseRemoteUrl } from "./remote-url.ts";
import { createSafeAgent } from "./safe-agent.ts";

export interface RemoteGetOptions {
  readonly rules: OutboundRules;
  /** The time until the headers of the final response are in, redirects included. In milliseconds, like the others. */
  readonly headersMs: number;
  /** The time for which the body may make no progress. */
  readonly stallMs: number;
  /** The time for the whole download. */
  readonly totalMs: number;
  readonly signal: AbortSignal;
  /**
   * Called for the URL and for each that a redirect leads to, before it is asked. It returns further headers for that
   * request alone, and throws a RemoteError for a URL that must not be asked.
   */
  readonly prepare?: (url: URL, redirects: number) => Readonly<Record<string, string>>;
  /** The number of redirects that are followed. */
  readonly maxRedirects?: number;
  /** Whether an answer of any status is handed over. Otherwise only a file is, with the status 200. */
  readonly anyStatus?: boolean;
}

export interface RemoteResponse {
  readonly status: number;
  /** Each header's value; undefined for a header that is missing or was sent several times. */
  readonly header: (name: string) => string | undefined;
  /** Every value of a header, also of one that was sent several times. */
  readonly values: (name: string) => readonly string[];
  /** The body's length as the server states it. */
  readonly length: number | undefined;
  /** @throws RemoteError in the middle, when the body breaks off */
  readonly body: AsyncIterable<Buffer>;
}

const standardRedirects = 3;
/** A timer that is set for longer fires at once. */
const maxTimerMs = 2 ** 31 - 1;
const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The headers hold no cookies, no credentials and nothing of the caller. Some servers refuse requests without a user
 * agent.
 */
const headers = { accept: "*/*", "accept-encoding": "identity", "user-agent": "sluice" } as const;

/**
 * GETs the URL and hands the response to `use`. Whatever the outcome, all connections are closed when the promise
 * settles.
 * @throws RemoteError, the signal's reason, and what `use` throws
 */
export async function remoteGet<Result>(
  text: string,
  options: RemoteGetOptions,
  use: (response: RemoteResponse) => Promise<Result>,
): Promise<Result> {
  const { rules, headersMs, totalMs, signal } = options;
  const life = new AbortController();
  const onAbort = (): void => life.abort(signal.reason);
  const endAfter = (milliseconds: number, problem: string): NodeJS.Timeout =>
    setTimeout(() => life.abort(new RemoteError(problem)), Math.min(milliseconds, maxTimerMs));
  const timers = [
    endAfter(headersMs, `Its server did not answer within ${headersMs / 1000} seconds.`),
    endAfter(totalMs, "The download took too long."),
  ];
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const agent = createSafeAgent({ rules, connectMs: headersMs, signal: life.signal });
  try {
    const sending = { dispatcher: agent, signal: life.signal, bodyTimeout: options.stallMs };
    const response = await follow(text, options, sending);
    clearTimeout(timers[0]);
    return await use(response);
  } catch (error) {
    // Sockets and streams that are cut off fail with many kinds of errors. The reason for the cut is the error to
    // report.
    throw life.signal.aborted ? life.signal.reason : error;
  } finally {
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    life.abort();
    await agent.destroy();
  }
}

type RequestOptions = Pick<Dispatcher.RequestOptions, "signal" | "bodyTimeout"> & { readonly dispatcher: Dispatcher };

async function follow(
  text: string,
  { prepare, anyStatus = false, maxRedirects = standardRedirects }: RemoteGetOptions,
  options: RequestOptions,
): Promise<RemoteResponse> {
  let subject = "The URL";
  let url = parseRemoteUrl(text, subject);
  for (let redirects = 0; ; redirects++) {
    const more = prepare?.(url, redirects);
    let response: Dispatcher.ResponseData;
    try {
      // The timer above limits the time for headers, over all redirects.
      response = await request(url, { ...options, method: "GET", headers: { ...headers, ...more }, headersTimeout: 0 });
    } catch (error) {
      throw toRemoteError(error, subject);
    }
    const { statusCode, headers: answered, body } = response;
    const { location } = answered;
    const leadsOn = redirectStatuses.has(statusCode) && location !== undefined;
    if (!leadsOn || (anyStatus && redirects === maxRedirects)) return accept(response, anyStatus);
    body.on("error", ignore).destroy();
    if (redirects === maxRedirects) throw new RemoteError(`It redirects more than ${maxRedirects} times.`);
    subject = "It redirects to a URL that";
    url = parseRemoteUrl(String(location), subject, url);
  }
}

/** @throws RemoteError unless the body is the file, byte for byte */
function accept({ statusCode, headers: answered, body }: Dispatcher.ResponseData, anyStatus: boolean): RemoteResponse {
  const problem = anyStatus && statusCode !== 200 ? undefined : problemOf(statusCode, answered);
  if (problem === undefined) {
    const header = (name: string) => {
      const value = answered[name];
      return typeof value === "string" ? value : undefined;
    };
    const length = header("content-length");
    // A body that nobody reads must not end the process when it is cut off.
    body.on("error", ignore);
    return {
      status: statusCode,
      header,
      values: (name) => [answered[name] ?? []].flat(),
      length: length === undefined ? undefined : Number(length),
      body: readBody(body),
    };
  }
  body.on("error", ignore).destroy();
  throw new RemoteError(problem);
}

function problemOf(statusCode: number, answered: Dispatcher.ResponseData["headers"]): string | undefined {
  if (statusCode !== 200) return `Its server answered with the status ${statusCode}.`;
  // A compressed body would be stored as something that it isn't, or would have to be unpacked at the sender's mercy.
  const { "content-encoding": content = "identity", "transfer-encoding": transfer = "chunked" } = answered;
  if (/^identity$/i.test(String(content)) && /^chunked$/i.test(String(transfer))) return undefined;
  return "Its server sent it compressed, although asked not to.";
}

async function* readBody(body: Dispatcher.ResponseData["body"]): AsyncGenerator<Buffer> {
  try {
    yield* body;
  } catch (error) {
    throw toRemoteError(error, "The URL");
  }
}

function ignore(): void {}
