import { type Kysely, sql } from "kysely";
import type { SchemaDialect } from "../schema-dialect.ts";

/** Creates triggers that count what each account stores. The count is right whatever adds or removes versions. */
export async function createStorageTriggers(database: Kysely<unknown>, { triggers }: SchemaDialect): Promise<void> {
  for (const statement of statements[triggers]) {
    await sql.raw(statement).execute(database);
  }
}

/**
 * An account's count has sixteen parts. Each part counts files whose ids end alike, so that uploads of one account
 * don't all wait for one row.
 */
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

const statements = { sqlite: sqliteTriggers, plpgsql: postgresTriggers } as const;
