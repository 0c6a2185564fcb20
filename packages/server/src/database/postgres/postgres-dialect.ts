import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  sql,
} from "kysely";
import type { Engine, Outbox } from "../connection.ts";

/** The parts that all connections to one database share. */
export function postgresEngine(): Engine {
  let attached: Outbox | undefined;
  const queue = (): Outbox => {
    if (attached === undefined) throw new Error("The job queue is not open.");
    return attached;
  };
  return {
    rowLocks: true,
    settlesLater: false,
    textsOf: (list) => sql`json_array_elements_text(cast(${list} as json)) as texts (value)`,
    ownClock: true,
    outbox: {
      put: async (connection, job) => queue().put(connection, job),
      putAll: async (connection, jobs) => queue().putAll(connection, jobs),
      retryFailed: async (connection, jobs) => queue().retryFailed(connection, jobs),
    },
    externalQueue: {
      attach(outbox) {
        attached = outbox;
        return () => {
          if (attached === outbox) attached = undefined;
        };
      },
    },
  };
}

type Execute = (query: CompiledQuery) => Promise<QueryResult<never>>;

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
