import { type RawBuilder, sql } from "kysely";
import type { Connection } from "../database/database.ts";
import type { JobOwner } from "./job.ts";
import { type AccountJobRow, type JobSource, type JobState, type OwnedKind, sourceOf } from "./job-source.ts";

/*
 * The jobs of one account. Neither queue has a column for the account: a job's own record says by which members of its
 * input it is known as an account's.
 */

/**
 * The number of jobs of one name and state that are looked at. A queue that is longer may hold jobs of an account that
 * nobody sees yet; those at the account's own webhook endpoints are always found.
 */
export const maxLooked = 5000;

/** One part of the jobs that are looked at: those in lanes of the account's own, or all others. */
interface Part {
  readonly name: string;
  readonly jobs: RawBuilder<unknown>;
  readonly isOwn: RawBuilder<unknown>;
}

/** The jobs of one name, as far as it takes to find those of an account. */
type Countable = Pick<OwnedKind, "name" | "owners">;

function partsOf(source: JobSource, kinds: readonly Countable[], accountId: string, state: JobState): Part[] {
  return kinds.flatMap(({ name, owners }) => {
    const isOwn = sql`(${sql.join(
      owners.map((owner) => names(source, owner, accountId)),
      sql` or `,
    )})`;
    const lanes = owners.filter(({ isLane }) => isLane).map((owner) => idsOf(owner, accountId));
    const jobs = (condition: RawBuilder<unknown>) =>
      source.jobs({ name, state, lanes: condition, limit: maxLooked + 1 });
    if (lanes.length === 0) return [{ name, jobs: jobs(sql`1 = 1`), isOwn }];
    const inOwnLane = sql`${source.lane} in (${sql.join(lanes, sql` union all `)})`;
    return [
      { name, jobs: jobs(inOwnLane), isOwn: sql`1 = 1` },
      { name, jobs: jobs(sql`(${source.lane} is null or not ${inOwnLane})`), isOwn },
    ];
  });
}

/**
 * Whether a job names something of the account. The row is looked up by its id for each job that is looked at: most of
 * these tables have no index by account, so that a list of the account's ids would read all of a table.
 */
function names(source: JobSource, { member, table }: JobOwner, accountId: string): RawBuilder<unknown> {
  const value = source.member(member);
  if (table === "accounts") return sql`${value} = ${accountId}`;
  return sql`exists (select 1 from ${sql.table(table)} owned where owned.id = ${value} and owned.account_id = ${accountId})`;
}

function idsOf({ table }: JobOwner, accountId: string): RawBuilder<unknown> {
  const owner = sql.ref(table === "accounts" ? "id" : "account_id");
  return sql`select id from ${sql.table(table)} where ${owner} = ${accountId}`;
}

export interface JobPosition {
  readonly at: number;
  readonly id: string;
}

export interface AccountJobPage {
  readonly kinds: readonly OwnedKind[];
  readonly accountId: string;
  readonly state: JobState;
  readonly after?: JobPosition | undefined;
  /** The one job that is wanted. */
  readonly id?: string | undefined;
  readonly limit: number;
}

/** Lists an account's jobs in one state: those that are due first, or those that failed last, come first. */
export async function pageAccountJobs(
  connection: Connection,
  { kinds, accountId, state, after, id, limit }: AccountJobPage,
): Promise<AccountJobRow[]> {
  const source = await sourceOf(connection);
  if (source === undefined || kinds.length === 0) return [];
  const own = partsOf(source, kinds, accountId, state).map(
    ({ jobs, isOwn }) => sql`select job.* from (${jobs}) job where ${isOwn}`,
  );
  const [further, order] = state === "failed" ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
  const wanted = [
    ...(id === undefined ? [] : [sql`id = ${id}`]),
    ...(after === undefined
      ? []
      : [sql`(at ${further} ${after.at} or (at = ${after.at} and id ${further} ${after.id}))`]),
  ];
  const condition = wanted.length === 0 ? sql`` : sql`where ${sql.join(wanted, sql` and `)}`;
  const { rows } = await sql<
    Omit<AccountJobRow, "input" | "createdAt" | "dueAt"> & {
      input: string | AccountJobRow["input"];
      created_at: number;
      due_at: number;
    }
  >`
    select * from (${sql.join(own, sql` union all `)}) jobs ${condition}
    order by at ${order}, id ${order} limit ${limit}
  `.execute(connection);
  return rows.map(({ input, created_at, due_at, ...row }) => ({
    ...row,
    dueAt: due_at,
    input: typeof input === "string" ? JSON.parse(input) : input,
    createdAt: created_at,
  }));
}

export interface AccountJobCount {
  readonly name: string;
  readonly count: number;
  /** The least `at` of them; null if there are none. */
  readonly first: number | null;
  /** Whether all jobs of the name and state were looked at. */
  readonly isComplete: boolean;
}

/** Counts an account's jobs in one state, by their names. */
export async function countAccountJobs(
  connection: Connection,
  { kinds, accountId, state }: Pick<AccountJobPage, "accountId" | "state"> & { readonly kinds: readonly Countable[] },
): Promise<AccountJobCount[]> {
  const source = await sourceOf(connection);
  if (source === undefined || kinds.length === 0) return [];
  const counts = partsOf(source, kinds, accountId, state).map(
    ({ name, jobs, isOwn }) => sql`
      select cast(${name} as text) as name, count(*) as looked, count(case when ${isOwn} then 1 end) as own,
        min(case when ${isOwn} then at end) as first
      from (${jobs}) job`,
  );
  type Row = { name: string; looked: number | string; own: number | string; first: number | null };
  const { rows } = await sql<Row>`${sql.join(counts, sql` union all `)}`.execute(connection);
  return [...Map.groupBy(rows, ({ name }) => name)].map(([name, parts]) => {
    const firsts = parts.flatMap(({ first }) => (first === null ? [] : [first]));
    return {
      name,
      count: parts.reduce((sum, { own }) => sum + Math.min(Number(own), maxLooked), 0),
      first: firsts.length === 0 ? null : Math.min(...firsts),
      isComplete: parts.every(({ looked }) => Number(looked) <= maxLooked),
    };
  });
}
