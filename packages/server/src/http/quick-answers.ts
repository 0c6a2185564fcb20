import type { IncomingMessage, ServerResponse } from "node:http";
import proxyAddress from "@fastify/proxy-addr";
import type { Config } from "../config/config.ts";
import type { TrustProxy } from "../config/trust-proxy.ts";
import { standingHeaders } from "../delivery/headers/standing-headers.ts";
import type { RecalledAnswer, RememberedAnswers } from "../delivery/remembered-answers.ts";
import type { UsageCounts } from "../usage/usage-counts.ts";
import type { AnswersUnderWay } from "./answers-under-way.ts";
import { expectsBody } from "./expects-body.ts";
import { isOut } from "./is-out.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { beginStanding, endStanding, passStanding, raiseStanding } from "./plugins/bound-connections.ts";
import { isWithin } from "./plugins/bound-headers.ts";
import { endIfClosing } from "./plugins/end-connections.ts";
import { isAmbiguous } from "./plugins/malformed-requests.ts";
import { newRequestId, requestIdHeaders } from "./plugins/request-id.ts";
import { type AnswerLogNeeds, answerLog } from "./plugins/request-metrics.ts";
import { cutWhenStalled } from "./plugins/stalled-answers.ts";
import { deliveryPath } from "./routes/delivery.ts";
import { cacheHit, holdUntilOut, type SendingNeeds } from "./send-delivery.ts";
import { trustedProxies } from "./trusted-proxies.ts";

export interface QuickAnswers {
  /** Answers a request at the end of the event loop's turn, or returns false and has done nothing. */
  readonly answer: (request: IncomingMessage, reply: ServerResponse) => boolean;
}

export interface QuickNeeds extends Pick<SendingNeeds, "images">, AnswerLogNeeds {
  readonly usageCounts: Pick<UsageCounts, "note" | "count" | "write">;
  readonly config: Pick<Config, "limits" | "trustProxy" | "consoleOrigin">;
  readonly rememberedAnswers: Pick<RememberedAnswers, "recall">;
  readonly lifecycle: Lifecycle;
}

/** An answer that is sent at the end of the current piece of the event loop's work. */
interface Due {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
  readonly known: RecalledAnswer;
  /** The time of its arrival, by performance.now(). */
  readonly arrivedAt: number;
}

/**
 * Answers requests for pictures whose answers are remembered and still valid. Most requests to a server of pictures are
 * such ones, and the framework with its hooks would take as long as everything else about them. A request with
 * anything unusual about it is left to the framework, so its checks are not repeated here.
 */
export function quickAnswers(needs: QuickNeeds, answers: AnswersUnderWay): QuickAnswers {
  const { config, rememberedAnswers, usageCounts, lifecycle } = needs;
  const { limits } = config;
  const log = answerLog(needs);
  const isForConsole = consoleHostIn(config);
  const clientAddress = addressBehind(config.trustProxy);
  let due: Due[] = [];

  function recalled(asked: Parameters<RememberedAnswers["recall"]>[0]) {
    try {
      return rememberedAnswers.recall(asked);
    } catch {
      // A database that can't be read is met again on the longer way, which reports it.
      return undefined;
    }
  }

  /** Counts all in one write, which would otherwise be a tenth of the work for each, or more where the disk is busy. */
  function sendDue(): void {
    const answers = due.filter(({ reply }) => !reply.destroyed);
    due = [];
    for (const { known } of answers) {
      const { accountId, headers, bytes } = known;
      usageCounts.note({ accountId, status: 200, type: headers["content-type"] }, 1, bytes.length);
      usageCounts.count(accountId, cacheHit);
    }
    usageCounts.write();
    for (const answer of answers) send(answer);
  }

  function send({ request, reply, known, arrivedAt }: Due): void {
    const reqId = newRequestId();
    reply.writeHead(200, headersOf(known, reqId));
    reply.end(known.bytes);
    const ended = (): void => {
      endIfClosing(lifecycle, request, answers);
      const asked = { method: "GET", originalUrl: request.url ?? "", ip: clientAddress(request) };
      log({ route: deliveryPath, status: 200, reqId, request: asked, ms: Math.round(performance.now() - arrivedAt) });
    };
    if (isOut(reply)) {
      passStanding(request);
      ended();
    } else {
      beginStanding(request);
      raiseStanding(request, "active");
      reply.once("close", () => {
        endStanding(request);
        ended();
      });
      cutWhenStalled(reply, limits);
      holdUntilOut(needs, reply, known.bytes);
    }
  }

  function answer(request: IncomingMessage, reply: ServerResponse): boolean {
    const { url: target = "", headers } = request;
    if (lifecycle.connections !== "kept" || reply.destroyed || !isOrdinary(request, limits.headerBytes)) return false;
    if (isForConsole(request)) return false;
    const known = recalled({ target, headers });
    if (known === undefined) return false;
    if (due.push({ request, reply, known, arrivedAt: performance.now() }) === 1) setImmediate(sendDue);
    return true;
  }

  return { answer };
}

/** Names and values in turn. Those that don't differ between requests are put together once for each answer. */
function headersOf({ headers, bytes }: RecalledAnswer, reqId: string): string[] {
  let lasting = lastingHeaders.get(headers);
  if (lasting === undefined) {
    lasting = Object.entries({ ...standingHeaders, ...headers, "content-length": `${bytes.length}` }).flat();
    lastingHeaders.set(headers, lasting);
  }
  return [...Object.entries(requestIdHeaders(reqId)).flat(), ...lasting];
}

const lastingHeaders = new WeakMap<RecalledAnswer["headers"], string[]>();

/** Whether the request is a GET without a body, of a form and size that no check refuses. */
function isOrdinary(request: IncomingMessage, maxHeaderBytes: number): boolean {
  const { method, url = "", headers } = request;
  if (method !== "GET" || expectsBody(request) || headers.expect !== undefined) return false;
  return !isAmbiguous(request) && isWithin(request, url, maxHeaderBytes);
}

/** Whether a request may be for the console's own host, from which no picture is delivered. */
function consoleHostIn({ consoleOrigin }: Pick<Config, "consoleOrigin">): (request: IncomingMessage) => boolean {
  if (consoleOrigin === undefined) return () => false;
  const { host } = new URL(consoleOrigin);
  return ({ headers }) => headers.host?.toLowerCase() === host || headers["x-forwarded-host"] !== undefined;
}

/** The client's address, as the framework finds it. It may be unknown once the client has left. */
function addressBehind(proxies: TrustProxy): (request: IncomingMessage) => string | undefined {
  const trust = trustedProxies(proxies);
  if (trust === false) return ({ socket }) => socket.remoteAddress;
  const isTrusted = typeof trust === "function" ? trust : proxyAddress.compile(trust);
  return (request) => proxyAddress(request, isTrusted);
}
