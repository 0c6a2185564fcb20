import { SluiceError } from "@sluice/protocol";
import { assertKnownMembers, invalidParameter, parseLimit } from "../text/parameter.ts";
import type { JobPosition } from "./account-job-queries.ts";
import type { JobState, OwnedKind } from "./job-source.ts";

type Members = Readonly<Record<string, unknown>>;
type Kinds = readonly Pick<OwnedKind, "name">[];

export interface JobListing {
  readonly state: JobState;
  readonly name: string | undefined;
  readonly after: JobPosition | undefined;
  readonly limit: number;
}

const limits = { standard: 50, max: 200 } as const;

/** Parses the query of `GET /_sluice/jobs`. @throws SluiceError PARAMETER_INVALID */
export function parseJobListing(query: Members, kinds: Kinds): JobListing {
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
export function parseJobRetry(body: Members, kinds: Kinds): { readonly id: string } | { readonly name: string } {
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
export function writeJobCursor({ at, id }: JobPosition): string {
  return `${at}-${id}`;
}

/** The ids of SQLite's queue and the UUIDs of pg-boss. */
function isJobId(text: string): boolean {
  return /^[0-9a-f]{24}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
