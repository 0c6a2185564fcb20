import type { Kysely } from "kysely";
import { createAccountTables } from "./schema/account-tables.ts";
import { createDefinitionTables } from "./schema/definition-tables.ts";
import { createEventTables } from "./schema/event-tables.ts";
import { createJobTable } from "./schema/job-table.ts";
import { createLibraryTables } from "./schema/library-tables.ts";
import { createRevisionTriggers } from "./schema/revision-triggers.ts";
import { createStorageTriggers } from "./schema/storage-triggers.ts";
import { createTokenTables } from "./schema/token-tables.ts";
import type { SchemaDialect } from "./schema-dialect.ts";
import { tableBuilder } from "./schema-dialect.ts";

/** Creates the tables of the first version. A table comes after the tables that it refers to. */
export async function up(database: Kysely<unknown>, dialect: SchemaDialect): Promise<void> {
  const tables = tableBuilder(database, dialect);
  await createAccountTables(database, tables);
  await createLibraryTables(database, tables);
  await createDefinitionTables(database, tables);
  await createTokenTables(database, tables);
  await createEventTables(database, tables);
  await createJobTable(database, tables, dialect);
  await createStorageTriggers(database, dialect);
  await createRevisionTriggers(database, dialect);
}
