import { Type } from "typebox";
import { Progress } from "./progress.ts";
import { nullable, type Shape, Timestamp } from "./shape.ts";

/* The jobs that the server does for an account (docs/jobs.md). */

const JobState = Type.Enum(["waiting", "running", "failed"], {
  description: "A waiting job is due now or later; a failed one is tried again only when somebody asks for it.",
});

const name = Type.String({ description: "The kind of the job, such as deliver-webhook." });

export const JobQuery = Type.Object({
  state: Type.Optional(Type.Enum(["waiting", "running", "failed"], { default: "failed" })),
  name: Type.Optional(name),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  cursor: Type.Optional(Type.String({ description: "nextCursor of the page before." })),
});

export const JobObject = Type.Object({
  id: Type.String(),
  name,
  state: JobState,
  attempts: Type.Integer({ minimum: 0, description: "The runs that have begun." }),
  maxAttempts: Type.Integer({ minimum: 1, description: "The job has failed for good after so many runs." }),
  createdAt: Timestamp,
  dueAt: nullable(Type.String({ format: "date-time", description: "The time of the next run of a waiting job." })),
  failedAt: nullable(Type.String({ format: "date-time", description: "The time when a failed job failed for good." })),
  progress: nullable(Progress),
  reason: nullable(Type.String({ description: "Why the last run that failed has failed." })),
  subject: Type.Record(Type.String(), Type.String(), {
    description: "The ids of what the job is about, such as eventId and endpointId.",
  }),
});
export type JobObject = Shape<typeof JobObject>;

const isComplete = Type.Boolean({
  description: "False while a queue is so long that only its first 5,000 jobs of a kind were looked at.",
});

export const JobList = Type.Object({
  jobs: Type.Array(JobObject, {
    description: "Waiting jobs in the order in which they are due; the last failed first.",
  }),
  nextCursor: nullable(Type.String()),
});
export type JobList = Shape<typeof JobList>;

export const JobQueues = Type.Object({
  queues: Type.Array(
    Type.Object({
      name,
      waiting: Type.Integer({ minimum: 0 }),
      running: Type.Integer({ minimum: 0 }),
      failed: Type.Integer({ minimum: 0 }),
      oldestDueAt: nullable(
        Type.String({ format: "date-time", description: "The time when the first waiting job was, or is, due." }),
      ),
    }),
  ),
  isComplete,
});
export type JobQueues = Shape<typeof JobQueues>;

export const JobRetry = Type.Union([
  Type.Object({ id: Type.String({ description: "The id of a failed job." }) }),
  Type.Object({ name: Type.String({ description: "All failed jobs of this kind, up to 1,000 at once." }) }),
]);

export const RetriedJobs = Type.Object({ retried: Type.Integer({ minimum: 0 }) });
