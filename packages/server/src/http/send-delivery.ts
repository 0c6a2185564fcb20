import type { ServerResponse } from "node:http";
import { SluiceError } from "@sluice/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../config/config.ts";
import { isTrustedProxy } from "../config/trust-proxy.ts";
import { DatabaseError } from "../database/database.ts";
import type { Answer, Client } from "../delivery/delivery.ts";
import { refusalCacheControl } from "../delivery/headers/cache-control.ts";
import { commonHeaders } from "../delivery/headers/conditional.ts";
import { bodyOf, DeliveryRefusal } from "../delivery/refusals/refusal.ts";
import { refusals } from "../delivery/refusals/refusal-table.ts";
import type { ImageEngine } from "../media/image/image-engine.ts";
import { StorageError } from "../storage/storage-error.ts";
import type { UsageCounts } from "../usage/usage-counts.ts";
import { fileRefusalPages, noSuchPage } from "../web/pages/refusal-pages.ts";
import type { ServerPage } from "../web/pages/server-page.ts";
import { isOut } from "./answers-under-way.ts";
import { countedBody } from "./counted-body.ts";
import { noteAccount, noteRefusal } from "./noted-refusals.ts";
import { sendError } from "./plugins/errors.ts";
import { opensPage } from "./send-page.ts";

export interface SendingDeps {
  readonly usageCounts: Pick<UsageCounts, "add" | "count">;
  readonly images: Pick<ImageEngine, "hold">;
}

/** The accounts for which requests are counted. */
const accounts = new WeakMap<FastifyRequest, string>();

/** Counts what the request is answered with for this account. */
export function countFor(request: FastifyRequest, accountId: string): void {
  accounts.set(request, accountId);
}

/** The country is believed from a trusted proxy alone. A client could write the header itself. */
export function clientOf(
  { config: { trustProxy, countryHeader } }: { readonly config: Pick<Config, "trustProxy" | "countryHeader"> },
  { ip, headers, socket }: FastifyRequest,
): Client {
  const stated = countryHeader === undefined ? undefined : headers[countryHeader];
  const believed = stated !== undefined && isTrustedProxy(trustProxy, socket.remoteAddress ?? "");
  // The address of a client that has left is undefined, whatever the type says.
  return { address: ip ?? "", country: believed ? String(stated) : undefined };
}

/**
 * Finds an answer and sends it. A file may be deleted, and its content removed at once, after the file was found and
 * before its content was opened. So a content that is missing is looked for once more: by then the file is gone, which
 * is 404. A content that its file still refers to is lost, and is missing again.
 */
export async function findAndSend(
  services: SendingDeps,
  find: () => Promise<Answer>,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  try {
    return await sendDelivery(services, await find(), request, reply, signal);
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== "BLOB_MISSING") throw error;
    return sendDelivery(services, await find(), request, reply, signal);
  }
}

/** Sends what a delivery is answered with. */
async function sendDelivery(
  services: SendingDeps,
  answer: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
  signal: AbortSignal,
): Promise<FastifyReply> {
  const { status, headers, body } = answer;
  if (typeof body !== "function" || request.method === "HEAD")
    return sendDeliveryBytes(services, answer, request, reply);
  const opened = await body(signal);
  opened.once("error", (error) => {
    // An error before the headers becomes a refusal. After them the connection can only be cut, which the reply does.
    // When the client has left, that is no error of the server's.
    if (reply.raw.headersSent && !signal.aborted)
      request.log.error({ err: error }, "a delivery ended before its last byte");
  });
  const count = counterOf(services, request, status, headers["content-type"]);
  countCache(services, request, answer);
  const counted = countedBody(opened, (bytes, first) => count(first ? 1 : 0, bytes));
  return reply.code(status).headers(headers).send(counted);
}

/** Sends an answer that is in memory or has no body. */
export function sendDeliveryBytes(
  services: SendingDeps,
  answer: Answer,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, headers, body, held } = answer;
  const bytes = request.method !== "HEAD" && body instanceof Uint8Array ? body : undefined;
  if (!reply.raw.destroyed) {
    counterOf(services, request, status, headers["content-type"])(1, bytes?.length ?? 0);
    countCache(services, request, answer);
  }
  reply.code(status).headers(headers).send(bytes);
  if (bytes !== undefined) holdUntilOut(services, reply.raw, held ?? bytes);
  return reply;
}

/** Counts bytes in memory among those that the clients of pictures have not received yet. */
function holdUntilOut({ images }: Pick<SendingDeps, "images">, reply: ServerResponse, bytes: Uint8Array): void {
  // Nothing has to be held for a client that has left or has been sent the whole answer. A client that has left would
  // never release what is held, because no close event follows.
  if (reply.destroyed || isOut(reply)) return;
  const release = images.hold(bytes, () => reply.destroy());
  reply.once("close", release);
}

/** The headers by which an answer may have described its body before the body failed. */
const announced = [
  "accept-ranges",
  "content-disposition",
  "content-range",
  "content-security-policy",
  "etag",
  "last-modified",
  "vary",
];

/** Counts an answer for its account, and nothing outside of every account. */
function counterOf(
  { usageCounts }: Pick<SendingDeps, "usageCounts">,
  request: FastifyRequest,
  status: number,
  type: string | undefined,
): (requests: 0 | 1, bytes: number) => void {
  const accountId = accounts.get(request);
  if (accountId === undefined) return () => undefined;
  return (requests, bytes) => usageCounts.add({ accountId, status, type }, requests, bytes);
}

/** Counts whether the derived image cache had what the answer needs. */
function countCache(
  { usageCounts }: Pick<SendingDeps, "usageCounts">,
  request: FastifyRequest,
  { cache }: Pick<Answer, "cache">,
): void {
  const accountId = accounts.get(request);
  if (cache === undefined || accountId === undefined) return;
  usageCounts.count(accountId, cache === "hit" ? cacheHit : cacheMiss);
}

const cacheHit = { kind: "cache", name: "hit" } as const;
const cacheMiss = { kind: "cache", name: "miss" } as const;

/** Refusals for which the account may not exist, or is closed. Nobody is asked to answer for them. */
const uncounted: ReadonlySet<string> = new Set(["ENDPOINT_NOT_FOUND", "ACCOUNT_DISABLED", "UNAVAILABLE", "INTERNAL"]);

/** Answers an error as a delivery is refused. */
export function refuseDelivery(
  services: Pick<SendingDeps, "usageCounts">,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  // A refusal that any route may give, for a request that is no HTTP for example.
  if (error instanceof SluiceError) return refuseAnywhere(error, request, reply);
  const refusal = toRefusal(error);
  const { status, code, body } = refusals[refusal.reason];
  const { reason, message, cache } = refusal;
  noteRefusal(request, { reason, message });
  const accountId = accounts.get(request);
  if (accountId !== undefined) noteAccount(request, accountId, false);
  // A client that asks for too much at a time must not fill the log as well. The metrics count such refusals.
  const failed = status >= 500 && reason !== "BUSY";
  if (failed && !reply.raw.destroyed) request.log.error({ err: error, reason }, message);
  for (const name of announced) reply.removeHeader(name);
  const page = opensPage(request) ? pageOf(refusal) : undefined;
  const text = page?.html ?? bodyOf(refusal);
  const type = page !== undefined ? "text/html" : typeof body === "string" ? "text/plain" : "application/json";
  if (!uncounted.has(reason) && !reply.raw.destroyed) {
    const bytes = request.method === "HEAD" ? 0 : Buffer.byteLength(text);
    counterOf(services, request, status, type)(1, bytes);
  }
  return reply
    .code(status)
    .headers({
      ...refusal.headers,
      ...(status === 503 && { "retry-after": "5" }),
      "cache-control": refusalCacheControl[cache],
      "content-type": `${type}; charset=utf-8`,
      "ik-error": `${code} - ${message}`,
      // The page is for this person: caches keep the text alone, and may send it to everybody.
      ...(page !== undefined && { ...page.headers, "cross-origin-resource-policy": "cross-origin" }),
    })
    .send(text);
}

/** Outside every account, somebody has mistyped one of the server's own URLs. */
function pageOf({ reason }: DeliveryRefusal): ServerPage | undefined {
  return reason === "ENDPOINT_NOT_FOUND" ? noSuchPage : fileRefusalPages[refusals[reason].status];
}

function refuseAnywhere(error: SluiceError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const code = error.status < 500 ? "EINVALID" : "UNIDENTIFIED";
  reply.headers({
    ...commonHeaders,
    "cache-control": refusalCacheControl.never,
    "ik-error": `${code} - ${error.message}`,
  });
  return sendError(error, request, reply);
}

function toRefusal(error: unknown): DeliveryRefusal {
  if (error instanceof DeliveryRefusal) return error;
  const passing = error instanceof DatabaseError || (error instanceof StorageError && error.code !== "BLOB_MISSING");
  return new DeliveryRefusal(passing ? "UNAVAILABLE" : "INTERNAL", {}, { cause: error });
}
