import type { Config } from "../config/config.ts";
import type { Limits } from "../config/limits.ts";
import type { PostTransformationJob } from "../delivery/post-transformations/post-transformation.ts";

/** What a queue has to know of the jobs of one name. */
export interface JobRecord {
  /** How often a job is tried again after it has failed; then it is a dead letter. */
  readonly retries: number;
  /** Wait before the first retry; it doubles each time, up to `longestSeconds`, with jitter. */
  readonly backoff: { readonly firstSeconds: number; readonly longestSeconds: number };
  /** Without a sign of life for this long a worker counts as dead, and its job is somebody else's. At least 10. */
  readonly leaseSeconds: number;
  /** Ends a run that takes longer. */
  readonly runSeconds: number;
  /** Whether one of this name at most runs at a time, on all nodes together. */
  readonly singleton: boolean;
  /** How many of this name one process runs at a time. */
  readonly concurrency: number;
  /** How many of one lane one process runs at a time, so that one that takes long leaves room for the others. */
  readonly laneConcurrency?: number;
  /** Both of these on PostgreSQL, where one more at a time is one more that looks for jobs. */
  readonly onPostgres?: { readonly concurrency: number; readonly laneConcurrency: number };
  /** The limit after whose time there is to be another one; without it there are those that are enqueued. */
  readonly every?: keyof Limits;
  /** Where it has nothing to do, it doesn't recur. */
  readonly needed?: (config: Pick<Config, "storage">) => boolean;
}

/** How long a dead letter is kept. */
export const deadLetterDays = 90;

export type JobRecords = Readonly<Record<string, JobRecord>>;

/** Jobs that look through everything there is: long, alone, and no harm when one is left to the next. */
const sweeping: JobRecord = {
  retries: 3,
  backoff: { firstSeconds: 30, longestSeconds: 600 },
  leaseSeconds: 60,
  runSeconds: 6 * 3600,
  singleton: true,
  concurrency: 1,
  every: "sweepIntervalMs",
};

/** Every job there is, by its name. Each has exactly one handler (`assignHandlers`). */
export const jobTable = {
  "sweep-blobs": sweeping,
  /** A folder keeps nothing of uploads that broke off. */
  "sweep-uploads": { ...sweeping, needed: ({ storage }) => storage !== undefined },
  "expire-tokens": sweeping,
  "sweep-derived": { ...sweeping, needed: ({ storage }) => storage !== undefined },
  "purge-files": {
    retries: 8,
    backoff: { firstSeconds: 5, longestSeconds: 600 },
    // Somebody may be waiting for what a worker that died has begun.
    leaseSeconds: 15,
    runSeconds: 3600,
    singleton: false,
    concurrency: 1,
  },
  /** Who does it may be down for an hour. */
  "run-extension": {
    retries: 9,
    backoff: { firstSeconds: 10, longestSeconds: 1800 },
    leaseSeconds: 60,
    runSeconds: 900,
    singleton: false,
    concurrency: 8,
    laneConcurrency: 3,
  },
  "expire-extensions": sweeping,
  "post-transformation": {
    // Some three quarters of an hour.
    retries: 10,
    backoff: { firstSeconds: 5, longestSeconds: 600 },
    leaseSeconds: 60,
    runSeconds: 300,
    singleton: false,
    // They share the image engine with whoever waits for an image.
    concurrency: 1,
  },
  "expire-transformations": sweeping,
  "expire-events": sweeping,
  "deliver-webhook": {
    // The waits come to 22 to 26 hours, a day on average (docs/protocol/webhooks-and-extensions.md §8).
    retries: 16,
    backoff: { firstSeconds: 10, longestSeconds: 4 * 3600 },
    leaseSeconds: 15,
    runSeconds: 120,
    singleton: false,
    concurrency: 32,
    laneConcurrency: 8,
    onPostgres: { concurrency: 16, laneConcurrency: 4 },
  },
} as const satisfies JobRecords;

export type JobName = keyof typeof jobTable;

export function isJobName(text: string): text is JobName {
  return Object.hasOwn(jobTable, text);
}

type Nothing = Readonly<Record<string, never>>;

/** What each job is told. It crosses the database as JSON. */
export interface JobInputs extends Record<JobName, object> {
  "sweep-blobs": Nothing;
  "sweep-uploads": Nothing;
  "expire-tokens": Nothing;
  "sweep-derived": Nothing;
  "purge-files": { readonly purgeId: string };
  "run-extension": { readonly runId: string };
  "expire-extensions": Nothing;
  "post-transformation": PostTransformationJob;
  "expire-transformations": Nothing;
  "expire-events": Nothing;
  /** The endpoint, or the URL that the event names. */
  "deliver-webhook": { readonly eventId: string; readonly endpointId?: string };
}
