import { type CompiledQuery, Kysely, type QueryResult } from "kysely";
import type { Connection } from "../../database/database.ts";
import { postgresDialect } from "../../database/postgres/postgres-dialect.ts";
import type { Schema } from "../../database/schema.ts";

/** The connection, to a repository function the same as ever, with `around` about each of its statements. */
export function suspendStatements(
  connection: Connection,
  around: (query: CompiledQuery, execute: () => Promise<QueryResult<never>>) => Promise<QueryResult<never>>,
): Connection {
  const executor = connection.getExecutor();
  const dialect = postgresDialect(
    (query) => around(query, () => connection.executeQuery<never>(query)),
    executor.adapter,
  );
  return new Kysely<Schema>({
    // Whatever the engine, in its own words.
    dialect: {
      ...dialect,
      createQueryCompiler: () => ({ compileQuery: (node, id) => executor.compileQuery(node, id) }),
    },
  });
}
