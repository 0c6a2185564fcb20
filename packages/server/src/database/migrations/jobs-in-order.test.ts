import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { NodeSqliteDialect } from "../sqlite/node-sqlite-dialect.ts";
import * as jobs from "./0002-jobs.ts";
import * as leanJobs from "./0014-lean-jobs.ts";
import * as jobsInOrder from "./0015-jobs-in-order.ts";
import { sqliteColumnTypes } from "./column-types.ts";

test("jobs of every state are there afterwards, in their lanes, and a slot is still one job's alone", async () => {
  const file = new DatabaseSync(":memory:");
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(file) });
  try {
    await jobs.up(database, sqliteColumnTypes);
    file.exec("alter table jobs add column lane text");
    await leanJobs.up(database, sqliteColumnTypes);
    const insert = (
      id: string,
      { state = "waiting", slot = null, lane = null }: { state?: string; slot?: string | null; lane?: string | null },
    ) =>
      file
        .prepare(
          "insert into jobs (id, name, input, state, due_at, attempts, slot, error, created_at, ended_at, lane) values (?, 'n', '{}', ?, 5, 1, ?, 'e', 6, 7, ?)",
        )
        .run(id, state, slot, lane);
    insert("1", { state: "done", slot: "n 60 1" });
    insert("2", { lane: "endpoint" });
    insert("3", { state: "dead" });
    insert("4", { state: "active", lane: "endpoint" });
    await jobsInOrder.up(database, sqliteColumnTypes);
    const { rows } = await sql`select * from jobs order by id`.execute(database);
    const row = { name: "n", input: "{}", due_at: 5, attempts: 1, error: "e", created_at: 6, ended_at: 7, slot: null };
    expect(rows).toEqual([
      { ...row, id: "1", state: "done", slot: "n 60 1", lane: "" },
      { ...row, id: "2", state: "waiting", lane: "endpoint" },
      { ...row, id: "3", state: "dead", lane: "" },
      { ...row, id: "4", state: "active", lane: "endpoint" },
    ]);
    expect(() => insert("5", { slot: "n 60 1" })).toThrow(/UNIQUE/);
    // By a server of the version before.
    insert("6", {});
    expect(file.prepare("select lane from jobs where id = '6'").get()).toEqual({ lane: "" });
  } finally {
    await database.destroy();
  }
});
