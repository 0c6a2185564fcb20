import type { CompiledQuery, QueryResult } from "kysely";
import { Connection } from "../../database/connection.ts";
import { postgresDialect } from "../../database/postgres/postgres-dialect.ts";

/** The same connection for repository functions, except that `around` wraps each of its statements. */
export function suspendStatements(
  connection: Connection,
  around: (query: CompiledQuery, execute: () => Promise<QueryResult<never>>) => Promise<QueryResult<never>>,
): Connection {
  const executor = connection.getExecutor();
  const dialect = postgresDialect((query) => around(query, () => connection.executeQuery<never>(query)));
  // Compiles statements in the engine's own dialect, whichever engine it is.
  const ofEngine = {
    ...dialect,
    createAdapter: () => executor.adapter,
    createQueryCompiler: () => ({ compileQuery: executor.compileQuery.bind(executor) }),
  };
  return new Connection(connection.engine, ofEngine, connection.announced);
}
