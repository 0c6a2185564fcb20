import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import { MAX_TOKEN_LENGTH } from "@sluice/token";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Config } from "../../config/config.ts";
import { OutcomeUnknownError } from "../../database/database.ts";
import { clientNetwork } from "../../network/client-network.ts";
import type { Metrics } from "../../observability/metrics.ts";
import { type BodyReader, ClientGone } from "../../upload/form/receive/body-reader.ts";
import { askOutcome, attemptHeader, attemptOf, type OutcomeQuestion } from "../../upload/outcome/ask-outcome.ts";
import { acceptForm } from "../../upload/steps.ts";
import { addRoute, asPlainJson, type DepsOf } from "../add-route.ts";
import { noteAccount } from "../noted-refusals.ts";
import { raisePriority } from "../plugins/bound-connections.ts";
import { allowAnyOrigin, refuseOtherMethods } from "../plugins/cors.ts";
import { sendError, toSluiceError } from "../plugins/errors.ts";
import { contentLengthOf, openBody } from "../request-body.ts";
import { whileConnected } from "../while-connected.ts";

type UploadRoutesDeps = DepsOf<typeof acceptForm> & {
  readonly config: Pick<Config, "limits">;
  readonly metrics: Pick<Metrics, "uploads" | "uploadSeconds">;
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
};

type UploadOutcomeDeps = DepsOf<typeof askOutcome> & {
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
};

const options = { config: { continuesItself: true }, ...asPlainJson } as const;
const allowed = "POST, OPTIONS";
const paths = [operations.uploadV1.path, operations.upload.path] as const;

/**
 * Both upload endpoints. They differ in how a client authenticates, not in what they take and answer
 * (docs/protocol/upload.md §1).
 */
export function uploadRoutes(services: UploadRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    allowAnyOrigin(app, paths);
    // The pipeline reads the body, whatever its type, and refuses a wrong type.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    addRoute(app, operations.uploadV1, (request, reply) => upload(services, 1, request, reply), options);
    addRoute(app, operations.upload, (request, reply) => upload(services, 2, request, reply), options);
    for (const url of paths) refuseOtherMethods(app, url, ["GET", "HEAD", "PUT", "PATCH", "DELETE"], allowed);
  };
}

async function upload(
  services: UploadRoutesDeps,
  apiVersion: 1 | 2,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { metrics } = services;
  const arrivedAt = services.now() - reply.elapsedTime;
  const gone = new AbortController();
  const onClose = (): void => gone.abort();
  request.raw.socket.once("close", onClose);
  let body: BodyReader | undefined;
  let burnt = false;
  try {
    const accountsByKey = services.accountsByKey.telling((id, isProven) => noteAccount(request, id, isProven));
    const deps = { ...services, accountsByKey };
    const response = await acceptForm(deps, {
      apiVersion,
      authorization: request.headers.authorization,
      contentType: request.headers["content-type"],
      contentLength: contentLengthOf(request),
      client: clientNetwork(request.ip),
      arrivedAt,
      requestId: request.id,
      attempt: attemptOf(request.headers[attemptHeader]),
      onBurn: () => {
        burnt = true;
      },
      openBody: () => {
        body = openBody(services.config.limits, request, reply);
        return body;
      },
      onTrust: (trust) => raisePriority(request.raw, trust === "authenticated" ? "authenticated" : "active"),
      signal: gone.signal,
    });
    body?.detach();
    const isQueued = "message" in response;
    metrics.uploads.inc({ outcome: isQueued ? "queued" : "stored" });
    return reply.code(isQueued ? 202 : 200).send(response);
  } catch (thrown) {
    // Detached before the answer is sent, because the answer's plugin reads the rest of the body.
    body?.detach();
    // The client has left, so nobody reads this error, and the server is not at fault.
    const left = thrown instanceof ClientGone || (gone.signal.aborted && isAbort(thrown));
    const error = left ? new SluiceError("FORM_INCOMPLETE", {}, { cause: thrown }) : thrown;
    // Clients retry some statuses by themselves, and with a burnt token a retry could only fail
    // (docs/protocol/upload.md §15.2). The same holds for a token or an upload when it is unknown whether it is in the
    // database.
    if (burnt || error instanceof OutcomeUnknownError) reply.header("x-should-retry", "false");
    metrics.uploads.inc({ outcome: gone.signal.aborted ? "aborted" : toSluiceError(error, request).reason });
    return sendError(error, request, reply);
  } finally {
    request.raw.socket.off("close", onClose);
    metrics.uploadSeconds.observe(reply.elapsedTime / 1000);
  }
}

/** Whether this is the error that the steps of an upload throw once their signal is aborted. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

const retryAfterSeconds = "1";

/**
 * Tells the outcome of the upload for which a token was presented. The body is JSON `{ token, attempt? }`, or a form
 * with these fields, which a page of another origin sends without a preflight.
 */
export function uploadOutcomeRoute(services: UploadOutcomeDeps): FastifyPluginAsync {
  return async (app) => {
    allowAnyOrigin(app, [operations.askUploadOutcome.path]);
    app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
      done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    // Room for JSON around a token of the maximum length.
    const options = { bodyLimit: MAX_TOKEN_LENGTH + 1024, ...asPlainJson } as const;
    const answer = async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header("cache-control", "no-store");
      const arrivedAt = services.now() - reply.elapsedTime;
      const accountsByKey = services.accountsByKey.telling((id, isProven) => noteAccount(request, id, isProven));
      const deps = { ...services, accountsByKey };
      try {
        const answer = await whileConnected(reply, async (signal) =>
          askOutcome(deps, questionIn(request.body), arrivedAt, signal),
        );
        if (answer.outcome === "pending") reply.header("retry-after", retryAfterSeconds);
        return reply.send(answer);
      } catch (error) {
        return refuseOutcome(error, request, reply);
      }
    };
    addRoute(app, operations.askUploadOutcome, answer, options);
  };
}

function questionIn(body: unknown): OutcomeQuestion {
  const { token, attempt } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (token === undefined || token === "") throw new SluiceError("TOKEN_MISSING");
  if (typeof token !== "string") throw new SluiceError("TOKEN_INVALID", { problem: "The token must be a string." });
  return { token, attempt: attemptOf(attempt) };
}

function refuseOutcome(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toSluiceError(thrown, request);
  // Asking again would not help: a row without an outcome stays as it is.
  if (thrown instanceof SluiceError && error.reason === "OUTCOME_UNKNOWN") reply.header("x-should-retry", "false");
  // A database that can't be asked doesn't mean that nothing was stored.
  const lost = error.reason === "STORAGE_UNAVAILABLE" || error.reason === "STORAGE_FULL";
  return sendError(lost ? new SluiceError("OUTCOME_UNKNOWN", {}, { cause: thrown }) : error, request, reply);
}
