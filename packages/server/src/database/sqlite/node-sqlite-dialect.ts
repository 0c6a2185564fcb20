import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { Revision } from "./revision.ts";

/** kysely's SQLite dialect on `node:sqlite`. Transactions take the write lock at once, so that they never fail half-way. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;
  readonly #prepare: (text: string) => PreparedStatement;
  readonly #revision: Revision;

  constructor(database: DatabaseSync) {
    const prepare = cachedPrepare(database);
    const config = { database: { prepare, close: () => database.close() } };
    super(config);
    this.#config = config;
    this.#prepare = prepare;
    this.#revision = new Revision(database.prepare("pragma data_version"));
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.#config);
  }

  override createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter(this.#prepare, this.#revision);
  }
}

class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }
}

/** kysely gives it to whoever has a connection, and so the way past its executor. */
export class NodeSqliteAdapter extends SqliteAdapter {
  readonly #prepare: (text: string) => PreparedStatement;
  /** Of what other connections commit. */
  readonly revision: Revision;

  constructor(prepare: (text: string) => PreparedStatement, revision: Revision) {
    super();
    this.#prepare = prepare;
    this.revision = revision;
  }

  /**
   * Runs a compiled query at once. kysely's executor takes a lock and half a dozen promises to get to the same two
   * lines, which costs more than a small statement; no statement here waits for anything.
   */
  runNow(text: string, parameters: readonly unknown[]): { rows: unknown[]; changed: number } {
    const statement = this.#prepare(text);
    if (statement.reader) return { rows: statement.all(parameters), changed: 0 };
    return { rows: [], changed: Number(statement.run(parameters).changes) };
  }

  // SQLite rolls back table changes like any other; kysely's default says no for the sake of other drivers.
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** Preparing costs more than running a small statement, and the program has a fixed set of them. */
function cachedPrepare(database: DatabaseSync) {
  const statements = new Map<string, PreparedStatement>();
  return (text: string): PreparedStatement => {
    let statement = statements.get(text);
    if (statement === undefined) {
      if (statements.size >= maxStatements) statements.clear();
      statement = new PreparedStatement(database.prepare(text));
      statements.set(text, statement);
    }
    return statement;
  };
}

const maxStatements = 500;

class PreparedStatement {
  readonly #statement: StatementSync;
  /** Whether it answers rows. */
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
