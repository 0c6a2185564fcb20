import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { NodeSqliteDialect } from "../sqlite/node-sqlite-dialect.ts";
import * as jobs from "./0002-jobs.ts";
import * as leanJobs from "./0014-lean-jobs.ts";
import { sqliteColumnTypes } from "./column-types.ts";

test("jobs that wait, with and without a slot, are there afterwards, and a slot is still one job's alone", async () => {
  const file = new DatabaseSync(":memory:");
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(file) });
  try {
    await jobs.up(database, sqliteColumnTypes);
    file.exec("alter table jobs add column lane text");
    const insert = (id: string, slot: string | null, lane: string | null) =>
      file
        .prepare(
          "insert into jobs (id, name, input, state, due_at, attempts, slot, error, created_at, ended_at, lane) values (?, 'n', '{}', 'waiting', 5, 1, ?, 'e', 6, null, ?)",
        )
        .run(id, slot, lane);
    insert("2", null, "endpoint");
    insert("1", "n 60 1", null);
    insert("3", null, null);
    await leanJobs.up(database, sqliteColumnTypes);
    const { rows } = await sql`select * from jobs order by id`.execute(database);
    const row = { name: "n", input: "{}", state: "waiting", due_at: 5, attempts: 1, error: "e", created_at: 6 };
    expect(rows).toEqual([
      { ...row, ended_at: null, id: "1", slot: "n 60 1", lane: null },
      { ...row, ended_at: null, id: "2", slot: null, lane: "endpoint" },
      { ...row, ended_at: null, id: "3", slot: null, lane: null },
    ]);
    expect(() => insert("4", "n 60 1", null)).toThrow(/UNIQUE/);
    expect(() => insert("3", null, null)).toThrow(/UNIQUE/);
  } finally {
    await database.destroy();
  }
});
