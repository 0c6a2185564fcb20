import { Kysely, PostgresDialect } from "kysely";
import { sqlitePath } from "../app/open-database.ts";
import type { Config } from "../config/config.ts";
import type { Schema } from "../database/schema.ts";
import { openForWriting } from "../database/sqlite/open.ts";
import { NodeSqliteDialect } from "../database/sqlite/sqlite-connection.ts";
import { openOtherPool } from "./other-pool.ts";

/** Opens a further connection to a configuration's database, as an operator's tools or another server version would. */
export function openOtherConnection({ databaseUrl, dataDir }: Pick<Config, "databaseUrl" | "dataDir">): Kysely<Schema> {
  const dialect =
    databaseUrl === undefined
      ? new NodeSqliteDialect(openForWriting(sqlitePath(dataDir)))
      : new PostgresDialect({ pool: openOtherPool(databaseUrl) });
  return new Kysely<Schema>({ dialect });
}
