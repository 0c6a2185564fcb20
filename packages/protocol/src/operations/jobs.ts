import { JobList, JobQuery, JobQueues, JobRetry, RetriedJobs } from "../schemas/job.ts";
import { managing } from "./access.ts";
import type { Operation } from "./operation.ts";

const tag = "Jobs";

export const jobs = {
  listJobs: {
    id: "list-jobs",
    method: "GET",
    path: "/_sluice/jobs",
    tag,
    summary: "List the account's jobs in one state",
    description: "Jobs that are done are not kept. Failed ones are kept for 90 days.",
    access: managing,
    query: JobQuery,
    compressed: true,
    answers: { 200: JobList },
    errors: ["PARAMETER_INVALID"],
  },
  countJobs: {
    id: "count-jobs",
    method: "GET",
    path: "/_sluice/jobs/queues",
    tag,
    summary: "Count the account's jobs by kind",
    access: managing,
    compressed: true,
    answers: { 200: JobQueues },
    errors: [],
  },
  retryJobs: {
    id: "retry-jobs",
    method: "POST",
    path: "/_sluice/jobs/retry",
    tag,
    summary: "Try failed jobs again",
    description: "One by its id, or all of a kind. They get as many runs as new jobs.",
    access: managing,
    body: JobRetry,
    answers: { 200: RetriedJobs },
    errors: ["PARAMETER_INVALID", "JOB_SELECTION_INVALID", "JOB_NOT_FOUND"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
