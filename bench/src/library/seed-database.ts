import { join } from "node:path";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Schema } from "../../../packages/server/src/database/schema.ts";
import { openForWriting } from "../../../packages/server/src/database/sqlite/open.ts";
import { NodeSqliteDialect } from "../../../packages/server/src/database/sqlite/sqlite-connection.ts";

export type Row = Readonly<Record<string, string | number | Buffer | null>>;

/** Writes many rows at once, past the server. */
export interface SeedDatabase {
  readonly kysely: Kysely<Schema>;
  /** Inserts rows of equal columns. */
  insert(table: string, rows: readonly Row[]): Promise<void>;
  /** Has the planner know what is there. */
  analyze(): Promise<void>;
  close(): Promise<void>;
}

/** @param databaseUrl the URL of PostgreSQL; without it, the SQLite file in the folder, which nobody else may write */
export function openSeedDatabase(dataDir: string, databaseUrl: string | undefined): SeedDatabase {
  return databaseUrl === undefined ? openSqlite(dataDir) : openPostgres(databaseUrl);
}

function openSqlite(dataDir: string): SeedDatabase {
  const database = openForWriting(join(dataDir, "sluice.sqlite"));
  // A seeding that is cut off by a power cut is begun anew.
  database.exec("pragma synchronous = off; pragma cache_size = -262144");
  const kysely = new Kysely<Schema>({ dialect: new NodeSqliteDialect(database) });
  return {
    kysely,
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {});
      const places = columns.map(() => "?").join(", ");
      const statement = database.prepare(`insert into ${table} (${columns.join(", ")}) values (${places})`);
      database.exec("begin");
      for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
      database.exec("commit");
    },
    analyze: async () => database.exec("pragma wal_checkpoint(truncate); analyze"),
    close: () => kysely.destroy(),
  };
}

function openPostgres(url: string): SeedDatabase {
  const pool = new pg.Pool({ connectionString: url, options: "-c synchronous_commit=off" });
  return {
    kysely: new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) }),
    async insert(table, rows) {
      const columns = Object.keys(rows[0] ?? {}).join(", ");
      const json = JSON.stringify(rows, (_, value) =>
        isBuffer(value) ? `\\x${Buffer.from(value.data).toString("hex")}` : value,
      );
      await pool.query(
        `insert into ${table} (${columns}) select ${columns} from json_populate_recordset(null::${table}, $1)`,
        [json],
      );
    },
    analyze: async () => void (await pool.query("vacuum analyze")),
    close: () => pool.end(),
  };
}

/** A buffer as JSON has it before it is replaced. */
function isBuffer(value: unknown): value is { readonly data: number[] } {
  return typeof value === "object" && value !== null && "type" in value && value.type === "Buffer";
}
