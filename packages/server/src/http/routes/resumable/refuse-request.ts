import { type ErrorBody, SluiceError } from "@sluice/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OutcomeUnknownError } from "../../../database/database.ts";
import { RefusedUpload } from "../../../upload/resumable/session-answer.ts";
import { interrupted } from "../../../upload/resumable/session-request.ts";
import { noteRefusal } from "../../noted-refusals.ts";
import { logFailure, sendError, toSluiceError } from "../../plugins/errors.ts";
import { tusVersion } from "./tus-headers.ts";

interface Refused {
  /** The method that the request means. */
  readonly method: string;
  /** Whether a retry could only fail. */
  readonly isFinal: boolean;
}

/** Answers a request that could not be served. @returns the reason, for the metrics */
export function refuseRequest(
  thrown: unknown,
  { method, isFinal }: Refused,
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
export function noteUntold(thrown: unknown, request: FastifyRequest): string {
  const error = refusalOf(thrown, request);
  logFailure(thrown, error, request);
  return error.reason;
}

/** Work is aborted when the client has left, so nobody reads that answer. */
function refusalOf(thrown: unknown, request: FastifyRequest): SluiceError {
  const isAbort = thrown instanceof Error && thrown.name === "AbortError";
  return toSluiceError(isAbort ? interrupted("The connection ended.", thrown) : thrown, request);
}
