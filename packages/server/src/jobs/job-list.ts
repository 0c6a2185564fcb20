import type { Limits } from "../config/limits.ts";
import type { Job, JobOwner } from "./job.ts";
import type { JobHandler } from "./job-queue.ts";
import type { JobTable } from "./job-rules.ts";
import type { OwnedKind } from "./job-source.ts";
import type { ReportProgress } from "./progress/report-progress.ts";
import { type ProgressDeps, withProgress } from "./progress/report-progress.ts";
import type { RecurringJob } from "./recurring-jobs.ts";

// biome-ignore lint/suspicious/noExplicitAny: each job has an input of its own
export type JobList<Deps> = readonly Job<Deps, any>[];

/**
 * The rules of the jobs, with the numbers that these limits say.
 * @throws when two jobs have the same name: each would do the other's work
 */
export function tableOf(jobs: JobList<never>, limits: Pick<Limits, "encodes">): JobTable {
  const table = new Map(jobs.map((job) => [job.kind.name, job]));
  if (table.size < jobs.length) {
    const twice = jobs.find((job) => table.get(job.kind.name) !== job);
    throw new Error(`There are two jobs ${twice?.kind.name}.`);
  }
  const rules = [...table].map(([name, { concurrency, ...job }]) => {
    return [name, { ...job, concurrency: typeof concurrency === "number" ? concurrency : limits[concurrency] }];
  });
  return Object.fromEntries(rules);
}

/** A handler that runs any job of the list. */
export function handlerOf<Deps extends ProgressDeps>(jobs: JobList<Deps>, deps: Deps): JobHandler {
  const byName = new Map(jobs.map((job) => [job.kind.name, job]));
  return async (running, signal) => {
    const job = byName.get(running.name);
    if (job === undefined) throw new Error(`There is no job ${running.name}.`);
    const { progressBy, retries } = job;
    const isLast = running.attempt > retries;
    const run = (report: ReportProgress) => job.run(deps, { ...running, isLast, report }, signal);
    if (progressBy === undefined) return run(() => refuseProgress(running.name));
    const key = String((running.input as Readonly<Record<string, unknown>>)[progressBy]);
    await withProgress(deps, { job: running.name, key, isLast, signal }, run);
  };
}

/** Nobody could find what the job tells. */
function refuseProgress(name: string): never {
  throw new Error(`The record of the job ${name} has no progressBy.`);
}

/** The jobs that recur with these needs. */
export function recurringJobs<Deps>(jobs: JobList<Deps>, deps: Deps): RecurringJob[] {
  return jobs.flatMap(({ kind: { name }, everyMs }) => {
    const ms = everyMs?.(deps);
    return ms === undefined ? [] : [{ name, everySeconds: Math.max(1, Math.round(ms / 1000)) }];
  });
}

/** The kinds of the jobs, as plain data. */
export function kindsOf(jobs: JobList<never>): readonly OwnedKind[] {
  return jobs.map(({ kind: { name }, retries, owners, progressBy }) => {
    return {
      name,
      retries,
      owners: [...owners],
      ...(progressBy !== undefined && { progressBy: String(progressBy) }),
    };
  });
}

export function ownersOf(jobs: JobList<never>): readonly JobOwner[] {
  return jobs.flatMap(({ owners }) => owners);
}

/** The names of the jobs that don't recur. A recurring job that is lost comes again by itself. */
export function singleJobNames(jobs: JobList<never>): string[] {
  return jobs.filter(({ everyMs }) => everyMs === undefined).map(({ kind: { name } }) => name);
}
