import { type ErrorBody, SluiceError } from "@sluice/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../../config/config.ts";
import { OutcomeUnknownError } from "../../../database/database.ts";
import { clientNetwork } from "../../../network/client-network.ts";
import type { Metrics } from "../../../observability/metrics.ts";
import type { BodyReader } from "../../../upload/form/receive/body-reader.ts";
import type { ResumableDeps, ResumableServices } from "../../../upload/resumable/deps.ts";
import { interrupted } from "../../../upload/resumable/receive-piece.ts";
import { RefusedUpload } from "../../../upload/resumable/session-answer.ts";
import { SessionRequest, type SessionRequestOptions } from "../../../upload/resumable/session-request.ts";
import { noteAccount, noteRefusal } from "../../noted-refusals.ts";
import { raisePriority } from "../../plugins/bound-connections.ts";
import { logFailure, sendError, toSluiceError } from "../../plugins/errors.ts";
import { contentLengthOf, expectsBody, openBody } from "../../request-body.ts";
import { joinedHeader, pieceType, tusVersion } from "./tus.ts";

export interface ResumableRoutesDeps extends ResumableServices {
  readonly config: ResumableServices["config"] & Pick<Config, "limits">;
  readonly metrics: ResumableServices["metrics"] & Pick<Metrics, "pieceBytes" | "pieces">;
}

interface Asked {
  /** The method that the request means. */
  readonly method: string;
  readonly digest: Uint8Array;
  readonly creation?: () => NonNullable<SessionRequestOptions["creation"]>;
}

interface SessionAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Serves a request by a session's work, and gives back what the request has taken, whatever becomes of it. The session
 * is free before the client is answered, because the answer may bring the next request to another process.
 */
export async function serveSession(
  deps: ResumableDeps & ResumableRoutesDeps,
  { method, digest, creation }: Asked,
  request: FastifyRequest,
  reply: FastifyReply,
  serve: (session: SessionRequest) => Promise<SessionAnswer>,
): Promise<FastifyReply> {
  const { metrics } = deps;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  request.raw.socket.once("close", onClose);
  const hasPiece = method === "PATCH" || (method === "POST" && isPiece(request));
  let body: BodyReader | undefined;
  let session: SessionRequest | undefined;
  try {
    const onAccount = (id: string, isProven: boolean) => noteAccount(request, id, isProven);
    session = new SessionRequest(
      { ...deps, accountsByKey: deps.accountsByKey.telling(onAccount) },
      {
        // The address of the session is its credential.
        onAccount: (id) => onAccount(id, true),
        digest,
        ...(creation && { creation: creation() }),
        hasPiece,
        finishes: method !== "DELETE",
        contentLength: contentLengthOf(request),
        checksum: joinedHeader(request.headers["upload-checksum"]),
        client: clientNetwork(request.ip),
        openBody: () => {
          body = openBody(deps.config.limits, request, reply);
          return body;
        },
        onAuthenticated: () => raisePriority(request.raw, "authenticated"),
        signal: gone.signal,
      },
    );
    const answer = await serve(session);
    await session.unlock();
    reply
      .code(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
    const { untold } = session;
    if (body !== undefined) {
      metrics.pieces.inc({ outcome: untold === undefined ? "taken" : noteUntold(untold, request) });
    }
  } catch (thrown) {
    // Detached before the answer is sent, because the answer's plugin reads the rest of the body.
    body?.detach();
    await session?.unlock();
    const isFinal = session?.isFinal === true;
    const reason = refuseRequest(thrown, { method, isFinal }, request, reply);
    if (body !== undefined) metrics.pieces.inc({ outcome: reason });
    else if (method === "POST") metrics.uploads.inc({ outcome: reason });
  } finally {
    body?.detach();
    if (body !== undefined) metrics.pieceBytes.inc(body.bytesRead);
    request.raw.socket.off("close", onClose);
    await session?.release();
  }
  return reply;
}

/** Whether the request that creates a session has its first bytes. */
function isPiece({ headers, raw }: FastifyRequest): boolean {
  return headers["content-type"] === pieceType && expectsBody(raw);
}

/**
 * Answers a request that could not be served.
 * @param refused.isFinal whether a retry could only fail
 * @returns the reason, for the metrics
 */
function refuseRequest(
  thrown: unknown,
  { method, isFinal }: Pick<Asked, "method"> & { readonly isFinal: boolean },
  request: FastifyRequest,
  reply: FastifyReply,
): string {
  if (thrown instanceof RefusedUpload) {
    const { status, body } = thrown;
    noteRefusal(request, body as ErrorBody);
    reply.header("x-should-retry", "false").header("content-type", "application/json; charset=utf-8");
    void reply.code(status).send(method === "HEAD" ? undefined : JSON.stringify(body));
    return "refused before";
  }
  const error = refusalOf(thrown, request);
  if (error.status === 412) reply.header("tus-version", tusVersion);
  // A client that has lost its place asks for it, and goes on.
  if (error.status === 409) reply.header("x-should-retry", "true");
  const isUsed = error.reason === "TOKEN_USED";
  if (isFinal || isUsed || thrown instanceof OutcomeUnknownError) reply.header("x-should-retry", "false");
  // tus-js-client takes any other failure of HEAD for the end of the upload, and begins a new one.
  const busy = method === "HEAD" && error.status >= 500;
  void sendError(busy ? new SluiceError("UPLOAD_SESSION_BUSY", {}, { cause: thrown }) : error, request, reply);
  return error.reason;
}

/** Logs a failure that is not answered, if it is the server's own. @returns the reason, for the metrics */
function noteUntold(thrown: unknown, request: FastifyRequest): string {
  const error = refusalOf(thrown, request);
  logFailure(thrown, error, request);
  return error.reason;
}

/** Work is aborted when the client has left, so nobody reads that answer. */
function refusalOf(thrown: unknown, request: FastifyRequest): SluiceError {
  const isAbort = thrown instanceof Error && thrown.name === "AbortError";
  return toSluiceError(isAbort ? interrupted("The connection ended.", thrown) : thrown, request);
}
