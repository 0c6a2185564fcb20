import type { Connection } from "../../database/database.ts";
import { findJobProgress } from "../../database/repositories/job-progress.ts";
import type { JobKind } from "../job.ts";
import type { JobProgress } from "./report-progress.ts";

/**
 * Finds how far a job is, whichever node runs it.
 * @param key the value of the member of the job's input that its record names as `progressBy`
 * @returns undefined for a job that has told nothing yet, or has ended
 */
export async function findProgress(
  connection: Connection,
  { name: job }: Pick<JobKind<object>, "name">,
  key: string,
): Promise<JobProgress | undefined> {
  const [row] = await findJobProgress(connection, [{ job, key }]);
  return row && { fraction: row.fraction, message: row.message };
}

interface ListedJob {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Finds how far each of the jobs is, as far as their kinds tell it. */
export async function findProgressOf<Listed extends ListedJob>(
  connection: Connection,
  kinds: readonly { readonly name: string; readonly progressBy?: string }[],
  jobs: readonly Listed[],
): Promise<ReadonlyMap<Listed, JobProgress>> {
  const members = new Map(kinds.map(({ name, progressBy }) => [name, progressBy]));
  const keyed = jobs.flatMap((listed) => {
    const member = members.get(listed.name);
    return member === undefined ? [] : [{ listed, job: listed.name, key: String(listed.input[member]) }];
  });
  const rows = await findJobProgress(connection, keyed);
  return new Map(
    keyed.flatMap(({ listed, job, key }) => {
      const row = rows.find((one) => one.job === job && one.key === key);
      return row === undefined ? [] : [[listed, { fraction: row.fraction, message: row.message }] as const];
    }),
  );
}
