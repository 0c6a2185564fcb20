import { type Kysely, sql } from "kysely";
import { isPostgres } from "../dialect.ts";
import type { ColumnTypes } from "./column-types.ts";

/** What pictures say of themselves, and how much each account stores. */
export async function up(database: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { schema } = database;
  const text = sql.raw(types.text);
  const integer = sql.raw(types.integer);
  await schema.alterTable("versions").addColumn("embedded_metadata", text).execute();
  await schema.alterTable("accounts").addColumn("storage_limit", integer).execute();
  const storage = schema.createTable("account_storage");
  await (types.keyedTable === undefined ? storage : storage.modifyEnd(sql.raw(types.keyedTable)))
    .addColumn("account_id", text, (column) => column.notNull().references("accounts.id"))
    .addColumn("part", text, (column) => column.notNull())
    .addColumn("bytes", integer, (column) => column.notNull())
    .addPrimaryKeyConstraint("account_storage_key", ["account_id", "part"])
    .execute();
  await sql`
    insert into account_storage (account_id, part, bytes)
    select account_id, ${partOf("file_id")}, sum(size) from versions group by account_id, ${partOf("file_id")}
  `.execute(database);
  for (const statement of isPostgres(database) ? postgresTriggers : sqliteTriggers) {
    await sql.raw(statement).execute(database);
  }
}

/**
 * The sixteen parts of an account's count: files whose ids end alike, so that uploads of one account don't all wait for
 * one row.
 */
function partOf(fileId: string) {
  return sql.raw(`substr(${fileId}, length(${fileId}), 1)`);
}

/** The counting is the tables' own business: whatever adds or removes versions, the count is right. */
const count = (row: string, sign: "" | "-") => `
  insert into account_storage (account_id, part, bytes)
  values (${row}.account_id, substr(${row}.file_id, length(${row}.file_id), 1), ${sign}${row}.size)
  on conflict (account_id, part) do update set bytes = account_storage.bytes + excluded.bytes;
`;

const sqliteTriggers = [
  `create trigger versions_added after insert on versions begin ${count("new", "")} end`,
  `create trigger versions_removed after delete on versions begin ${count("old", "-")} end`,
];

const postgresTriggers = [
  `create function sluice_count_added() returns trigger language plpgsql as $$ begin ${count("new", "")} return null; end $$`,
  `create function sluice_count_removed() returns trigger language plpgsql as $$ begin ${count("old", "-")} return null; end $$`,
  "create trigger versions_added after insert on versions for each row execute function sluice_count_added()",
  "create trigger versions_removed after delete on versions for each row execute function sluice_count_removed()",
];
