import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Client } from "pg";

interface Sql {
  /** SQL for a text of 24 hexadecimal digits, made from the number in column `n`. */
  readonly id: string;
  columns(table: string): Promise<string[]>;
  run(statement: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Turns the library's only file into `files` files in the same folder, by copying rows. All have the values and bytes
 * of the one version.
 * @param databaseUrl the URL of PostgreSQL; without it, the SQLite file in the folder, which nobody else may have open
 */
export async function fillLibrary(files: number, dataDir: string, databaseUrl: string | undefined): Promise<void> {
  const sql = databaseUrl === undefined ? openSqlite(dataDir) : await openPostgres(databaseUrl);
  try {
    await sql.run("create temporary table one_file as select * from files");
    await sql.run("create temporary table one_version as select * from versions");
    const name = "'photo-' || n || '.txt'";
    await copy(sql, files, "files", "one_file", { id: sql.id, current_version_id: sql.id, name });
    await copy(sql, files, "versions", "one_version", { id: sql.id, file_id: sql.id });
    await sql.run("analyze");
  } finally {
    await sql.close();
  }
}

/** @param own SQL for the columns that differ in each copy */
async function copy(sql: Sql, files: number, table: string, from: string, own: Readonly<Record<string, string>>) {
  const columns = await sql.columns(table);
  const values = columns.map((column) => own[column] ?? `${from}.${column}`);
  await sql.run(`
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${files - 1})
    insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from numbers, ${from}
  `);
}

function openSqlite(dataDir: string): Sql {
  const database = new DatabaseSync(join(dataDir, "sluice.sqlite"));
  return {
    id: "printf('%024x', n)",
    columns: async (table) =>
      database
        .prepare(`pragma table_info(${table})`)
        .all()
        .map(({ name }) => String(name)),
    run: async (statement) => database.exec(statement),
    close: async () => database.close(),
  };
}

async function openPostgres(url: string): Promise<Sql> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return {
    id: "lpad(to_hex(n), 24, '0')",
    async columns(table) {
      const query = "select column_name as name from information_schema.columns where table_name = $1";
      return (await client.query(query, [table])).rows.map(({ name }) => name);
    },
    run: async (statement) => void (await client.query(statement)),
    close: () => client.end(),
  };
}
