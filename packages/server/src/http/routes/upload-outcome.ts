import { SluiceError } from "@sluice/protocol";
import { operations } from "@sluice/protocol/schemas";
import { MAX_TOKEN_LENGTH } from "@sluice/token";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { askOutcome, attemptOf, type OutcomeQuestion } from "../../upload/outcome/ask-outcome.ts";
import { addRoute, asPlainJson } from "../add-route.ts";
import type { NeedsOf } from "../needs-of.ts";
import { noteAccount } from "../noted-refusals.ts";
import { allowAnyOrigin } from "../plugins/cors.ts";
import { sendError, toSluiceError } from "../plugins/errors.ts";
import { whileConnected } from "../while-connected.ts";

export type UploadOutcomeNeeds = NeedsOf<typeof askOutcome> & {
  /** The clock, in Unix milliseconds. */
  readonly now: () => number;
};

const retryAfterSeconds = "1";

/**
 * Tells the outcome of the upload for which a token was presented. The body is JSON `{ token, attempt? }`, or a form
 * with these fields, which a page of another origin sends without a preflight.
 */
export function uploadOutcomeRoute(services: UploadOutcomeNeeds): FastifyPluginAsync {
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
      const needs = { ...services, accountsByKey };
      try {
        const answer = await whileConnected(reply, async (signal) =>
          askOutcome(needs, questionIn(request.body), arrivedAt, signal),
        );
        if (answer.outcome === "pending") reply.header("retry-after", retryAfterSeconds);
        return reply.send(answer);
      } catch (error) {
        return refuse(error, request, reply);
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

function refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toSluiceError(thrown, request);
  // Asking again would not help: a row without an outcome stays as it is.
  if (thrown instanceof SluiceError && error.reason === "OUTCOME_UNKNOWN") reply.header("x-should-retry", "false");
  // A database that can't be asked doesn't mean that nothing was stored.
  const lost = error.reason === "STORAGE_UNAVAILABLE" || error.reason === "STORAGE_FULL";
  return sendError(lost ? new SluiceError("OUTCOME_UNKNOWN", {}, { cause: thrown }) : error, request, reply);
}
