import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
  sql,
} from "kysely";
import { newId } from "../../text/id.ts";
import { Connection, type Engine, type ObserveSeconds, type Outbox, type OutboxJob } from "../connection.ts";
import { isUnprepared } from "../prepared.ts";
import { reviveDeadJob } from "../repositories/dead-jobs.ts";
import { deleteDoneJobs, insertJobRow } from "../repositories/jobs.ts";

type Prepare = (text: string) => PreparedStatement;

const maxStatements = 500;

/**
 * Prepares each statement once. Preparing costs more than running a small statement, and the program has a fixed set of
 * them.
 */
function cachedPrepare(database: DatabaseSync): Prepare {
  const statements = new Map<string, PreparedStatement>();
  return (text) => {
    if (isUnprepared(text)) return new PreparedStatement(database.prepare(text));
    let statement = statements.get(text);
    if (statement === undefined) {
      if (statements.size >= maxStatements) statements.clear();
      statement = new PreparedStatement(database.prepare(text));
      statements.set(text, statement);
    }
    return statement;
  };
}

class PreparedStatement {
  readonly #statement: StatementSync;
  /** Whether the statement returns rows. */
  readonly reader: boolean;

  constructor(statement: StatementSync) {
    this.#statement = statement;
    this.reader = statement.columns().length > 0;
  }

  all(parameters: readonly unknown[]): unknown[] {
    return this.#statement.all(...(parameters as SQLInputValue[]));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return this.#statement.run(...(parameters as SQLInputValue[]));
  }

  iterate(parameters: readonly unknown[]): IterableIterator<unknown> {
    return this.#statement.iterate(...(parameters as SQLInputValue[]));
  }
}

/** kysely's SQLite dialect on `node:sqlite`. Transactions take the write lock at once, so that they never fail half-way. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(database: DatabaseSync, prepare = cachedPrepare(database)) {
    const config = { database: { prepare, close: () => database.close() } };
    super(config);
    this.#config = config;
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

class TransactionalAdapter extends SqliteAdapter {
  // SQLite rolls back table changes like any others. kysely's default says no for the sake of other drivers.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Keeps jobs in a table of the same database. */
const tableOutbox: Outbox = {
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

/**
 * A kysely connection to an open SQLite file.
 * @param observe gets the seconds that each statement has taken
 */
export function sqliteConnection(database: DatabaseSync, observe?: ObserveSeconds): Connection {
  const prepare = cachedPrepare(database);
  const run: RunNow = (text, parameters) => runNow(prepare, text, parameters);
  const engine: Engine = {
    rowLocks: false,
    settlesLater: true,
    textsOf: (list) => sql`json_each(${list})`,
    ownClock: false,
    runNow: observe === undefined ? run : observed(run, observe),
    outbox: tableOutbox,
  };
  return new Connection(engine, new NodeSqliteDialect(database, prepare), undefined, observe);
}

type RunNow = NonNullable<Engine["runNow"]>;

function observed(run: RunNow, observe: ObserveSeconds): RunNow {
  return (text, parameters) => {
    const began = performance.now();
    try {
      return run(text, parameters);
    } finally {
      observe((performance.now() - began) / 1000);
    }
  };
}

/**
 * Runs a statement without kysely's executor. The executor takes a lock and half a dozen promises to get to the same
 * two lines, which costs more than a small statement. No statement here waits for anything.
 */
function runNow(prepare: Prepare, text: string, parameters: readonly unknown[]): { rows: unknown[]; changed: number } {
  const statement = prepare(text);
  if (statement.reader) return { rows: statement.all(parameters), changed: 0 };
  return { rows: [], changed: Number(statement.run(parameters).changes) };
}
