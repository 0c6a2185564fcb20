import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";

export type Execute = (query: CompiledQuery) => Promise<QueryResult<never>>;

/** A kysely dialect over a function that runs one statement. The function's creator begins and ends transactions. */
export function postgresDialect(execute: Execute): Dialect {
  const connection: DatabaseConnection = {
    executeQuery: execute as DatabaseConnection["executeQuery"],
    streamQuery: () => {
      throw new Error("rows are not streamed");
    },
  };
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => statementsOnly(connection),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (database) => new PostgresIntrospector(database),
  };
}

function statementsOnly(connection: DatabaseConnection): Driver {
  const refuse = async (): Promise<never> => {
    throw new Error("a transaction is a script that the database runs");
  };
  const nothing = async (): Promise<void> => undefined;
  return {
    init: nothing,
    acquireConnection: async () => connection,
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: nothing,
    destroy: nothing,
  };
}
