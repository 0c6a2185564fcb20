import type { DatabaseSync } from "node:sqlite";
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { cachedPrepare } from "./prepared-statements.ts";

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
