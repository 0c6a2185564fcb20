import { newId } from "../../text/id.ts";
import type { Connection, Outbox, OutboxJob } from "../connection.ts";
import { reviveDeadJob } from "../repositories/dead-jobs.ts";
import { deleteDoneJobs, insertJobRow } from "../repositories/jobs.ts";

/** Keeps jobs in a table of the same database. */
export const tableOutbox: Outbox = {
  put: insertJob,
  async putAll(connection, jobs) {
    for (const job of jobs) await insertJob(connection, job);
  },
  async retryFailed(connection, jobs) {
    let count = 0;
    for (const { id, name, lane, dueAt } of jobs) {
      if (await reviveDeadJob(connection, { id, name, lane, due_at: dueAt }, Date.now())) count++;
    }
    return count;
  },
};

/** Adds a job. The machine's clock is the database's. */
async function insertJob(connection: Connection, job: OutboxJob): Promise<boolean> {
  const now = Date.now();
  const { lane = "" } = job;
  const slot = job.oncePerSeconds === undefined ? null : slotOf(job.name, job.oncePerSeconds, now);
  if (slot !== null) await deleteDoneJobs(connection, { name: job.name, exceptSlot: slot });
  return insertJobRow(connection, {
    id: newId(now),
    name: job.name,
    input: JSON.stringify(job.input),
    state: "waiting",
    due_at: now + 1000 * (job.afterSeconds ?? 0),
    attempts: 0,
    slot: slot === null || lane === "" ? slot : `${slot} ${lane}`,
    lane,
    error: null,
    created_at: now,
    ended_at: null,
  });
}

function slotOf(name: string, seconds: number, now: number): string {
  return `${name} ${seconds} ${Math.floor(now / 1000 / seconds)}`;
}
