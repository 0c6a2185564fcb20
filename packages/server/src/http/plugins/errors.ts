import { type ErrorReason, SluiceError } from "@sluice/protocol";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { DatabaseError, DatabaseFullError, OutcomeUnknownError } from "../../database/database.ts";
import { StorageError } from "../../storage/storage-error.ts";
import { noSuchPage } from "../../web/pages/refusal-pages.ts";
import { noteRefusal } from "../noted-refusals.ts";
import { opensPage, pageVary, sendPage } from "../send-page.ts";

/**
 * Every refusal is JSON with a string `message`: mobile clients crash on anything else (docs/protocol/upload.md §11).
 * A person who opens a URL at which there is nothing gets a page.
 */
export function addErrorHandling(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) => sendError(new SluiceError("ROUTE_NOT_FOUND"), request, reply));
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = toSluiceError(error, request);
  noteRefusal(request, refusal);
  logFailure(error, refusal, request);
  if (refusal.status === 503) reply.header("retry-after", "5");
  // SDKs would try a 409 again by themselves, and ours stay as they are (docs/protocol/media-api.md §1).
  if (refusal.status === 409 && !reply.hasHeader("x-should-retry")) reply.header("x-should-retry", "false");
  reply.code(refusal.status);
  if (refusal.reason === "ROUTE_NOT_FOUND") {
    reply.header("vary", pageVary);
    if (opensPage(request)) return sendPage(reply, noSuchPage);
  }
  return reply.header("content-type", "application/json; charset=utf-8").send(JSON.stringify(refusal));
}

/**
 * Logs a failure of the server's own.
 * @param refusal what the caller is told of the error
 */
export function logFailure(error: unknown, { status, reason, message }: SluiceError, request: FastifyRequest): void {
  if (status >= 500 && !intended.has(reason)) request.log.error({ err: error, reason }, message);
}

/**
 * 5xx answers that are no failure of the server's: a client that asks for too much at a time must not fill the log as
 * well.
 */
const intended: ReadonlySet<ErrorReason> = new Set(["SERVER_BUSY", "UPLOAD_GAVE_WAY", "PIECE_INTERRUPTED"]);

/** Turns whatever was thrown into the error that the caller is told. */
export function toSluiceError(error: unknown, request: FastifyRequest): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof OutcomeUnknownError) return new SluiceError("OUTCOME_UNKNOWN", {}, { cause: error });
  if (error instanceof DatabaseFullError || (error instanceof StorageError && error.code === "STORAGE_FULL")) {
    return new SluiceError("STORAGE_FULL", {}, { cause: error });
  }
  if (error instanceof StorageError || error instanceof DatabaseError || isReaderError(error)) {
    return new SluiceError("STORAGE_UNAVAILABLE", {}, { cause: error });
  }
  return (
    fromFastify(error as Partial<FastifyError>, request) ?? new SluiceError("INTERNAL_ERROR", {}, { cause: error })
  );
}

function fromFastify(error: Partial<FastifyError>, request: FastifyRequest): SluiceError | undefined {
  if (error.validation !== undefined) return new SluiceError("BODY_INVALID", { problem: sentence(error.message) });
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return new SluiceError("BODY_TOO_LARGE", { limit: request.routeOptions.bodyLimit });
    case "FST_ERR_CTP_INVALID_JSON_BODY":
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_ERR_CTP_INVALID_CONTENT_LENGTH":
      return new SluiceError("BODY_INVALID", { problem: "Send a JSON object with the content type application/json." });
    case "FST_ERR_BAD_URL":
    case "FST_ERR_MAX_PARAM_LENGTH":
      return new SluiceError("ROUTE_NOT_FOUND");
    default:
      return error.statusCode === 400
        ? new SluiceError("BODY_INVALID", { problem: sentence(error.message) })
        : undefined;
  }
}

function sentence(text: string | undefined): string {
  return text === undefined || text === "" ? "Check the body." : `${text.replace(/\.$/, "")}.`;
}

/** Whether `node:sqlite` itself threw this error, as it does when a read fails. */
function isReaderError(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_SQLITE_ERROR";
}
