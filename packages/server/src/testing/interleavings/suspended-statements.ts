import type { CompiledQuery, QueryResult } from "kysely";
import { Connection } from "../../database/connection.ts";
import { postgresDialect } from "../../database/postgres/postgres-dialect.ts";

/** The connection, to a repository function the same as ever, with `around` about each of its statements. */
export function suspendStatements(
  connection: Connection,
  around: (query: CompiledQuery, execute: () => Promise<QueryResult<never>>) => Promise<QueryResult<never>>,
): Connection {
  const executor = connection.getExecutor();
  const dialect = postgresDialect((query) => around(query, () => connection.executeQuery<never>(query)));
  // Whatever the engine, in its own words.
  const ofEngine = {
    ...dialect,
    createAdapter: () => executor.adapter,
    createQueryCompiler: () => ({ compileQuery: executor.compileQuery.bind(executor) }),
  };
  return new Connection(connection.engine, ofEngine, connection.announced);
}
