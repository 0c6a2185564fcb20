import { SluiceError } from "@sluice/protocol";
import type { FastifyReply, FastifyRequest } from "fastify";
import { OutcomeUnknownError } from "../../../database/database.ts";
import { ClientGone } from "../../../upload/form/receive/body-reader.ts";
import { RefusedUpload } from "../../../upload/resumable/refused-upload.ts";
import { interrupted } from "../../../upload/resumable/session-request.ts";
import { sendError, toSluiceError } from "../../plugins/errors.ts";
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
    reply.header("x-should-retry", "false").header("content-type", "application/json; charset=utf-8");
    void reply.code(status).send(method === "HEAD" ? undefined : JSON.stringify(body));
    return "refused before";
  }
  const error = toSluiceError(isAbort(thrown) ? interrupted("The connection ended.", thrown) : thrown, request);
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

/** Whether the client has left, so that nobody reads the answer. */
function isAbort(error: unknown): boolean {
  return error instanceof ClientGone || (error instanceof Error && error.name === "AbortError");
}
