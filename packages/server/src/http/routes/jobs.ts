import { SluiceError } from "@sluice/protocol";
import { type JobList, operations } from "@sluice/protocol/schemas";
import type { FastifyPluginAsync } from "fastify";
import type { JobPosition } from "../../jobs/account-job-queries.ts";
import {
  type AccountJobDeps,
  countJobsOfAccount,
  type JobListing,
  listAccountJobs,
  retryFailedJobs,
} from "../../jobs/account-jobs.ts";
import type { OwnedKind } from "../../jobs/job-source.ts";
import { assertKnownMembers, invalidParameter, parseLimit } from "../../text/parameter.ts";
import { addRoute } from "../add-route.ts";
import { jsonObjectOf, keepBodiesRaw } from "../json-body.ts";
import { type AuthDeps, principalOfRequest, requireBasicAuth } from "../plugins/basic-auth.ts";

type JobsRoutesDeps = AuthDeps & AccountJobDeps;

/** The jobs that the server does for the account, for key pairs with the role full. */
export function jobsRoutes(services: JobsRoutesDeps): FastifyPluginAsync {
  return async (app) => {
    requireBasicAuth(app, services);
    keepBodiesRaw(app);
    app.addHook("onSend", async (_request, reply) => void reply.header("cache-control", "no-store"));
    addRoute(app, operations.listJobs, async (request) => {
      const listing = parseJobListing(request.query, services.jobKinds);
      const { jobs, next } = await listAccountJobs(services, principalOfRequest(request).accountId, listing);
      return { jobs, nextCursor: next === undefined ? null : writeJobCursor(next) } satisfies JobList;
    });
    addRoute(app, operations.countJobs, (request) =>
      countJobsOfAccount(services, principalOfRequest(request).accountId),
    );
    addRoute(app, operations.retryJobs, async (request) => {
      const { accountId } = principalOfRequest(request);
      const which = parseJobRetry(jsonObjectOf(request.body), services.jobKinds);
      return { retried: await retryFailedJobs(services, accountId, which) };
    });
  };
}

type Members = Readonly<Record<string, unknown>>;
type Kinds = readonly Pick<OwnedKind, "name">[];

const limits = { standard: 50, max: 200 } as const;

/** Parses the query of `GET /_sluice/jobs`. @throws SluiceError PARAMETER_INVALID */
function parseJobListing(query: Members, kinds: Kinds): JobListing {
  assertKnownMembers(query, ["state", "name", "limit", "cursor"]);
  const { state = "failed", name, limit, cursor } = query;
  if (state !== "waiting" && state !== "running" && state !== "failed") {
    throw invalidParameter("state", "It must be waiting, running or failed.");
  }
  return {
    state,
    name: name === undefined ? undefined : parseName(name, kinds),
    after: parseCursor(cursor),
    limit: parseLimit(limit, limits),
  };
}

/**
 * Parses the body of `POST /_sluice/jobs/retry`.
 * @throws SluiceError PARAMETER_INVALID, JOB_SELECTION_INVALID
 */
function parseJobRetry(body: Members, kinds: Kinds): { readonly id: string } | { readonly name: string } {
  assertKnownMembers(body, ["id", "name"]);
  const { id, name } = body;
  if ((id === undefined) === (name === undefined)) throw new SluiceError("JOB_SELECTION_INVALID");
  if (name !== undefined) return { name: parseName(name, kinds) };
  if (typeof id !== "string" || !isJobId(id)) throw invalidParameter("id", "It must be the id of a job.");
  return { id };
}

function parseName(name: unknown, kinds: Kinds): string {
  const kind = kinds.find((one) => one.name === name);
  if (kind !== undefined) return kind.name;
  throw invalidParameter("name", `It must be one of ${kinds.map((one) => one.name).join(", ")}.`);
}

function parseCursor(text: unknown): JobPosition | undefined {
  if (text === undefined) return undefined;
  const [, at = "", id = ""] = (typeof text === "string" && /^(\d{1,15})-([0-9a-f-]+)$/.exec(text)) || [];
  if (!isJobId(id)) throw invalidParameter("cursor", "Send the nextCursor of the page before.");
  return { at: Number(at), id };
}

/** A cursor names the last job of a page. */
function writeJobCursor({ at, id }: JobPosition): string {
  return `${at}-${id}`;
}

/** The ids of SQLite's queue and the UUIDs of pg-boss. */
function isJobId(text: string): boolean {
  return /^[0-9a-f]{24}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
