import { DatabaseSync } from "node:sqlite";
import { Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { NodeSqliteDialect } from "../sqlite/node-sqlite-dialect.ts";
import * as longEvents from "./0013-long-events.ts";
import { sqliteColumnTypes } from "./column-types.ts";

test("events that wait to be sent are there afterwards, each once", async () => {
  const file = new DatabaseSync(":memory:");
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(file) });
  try {
    file.exec(
      "create table events (id text primary key, account_id text not null, type text not null, url text, payload text not null) without rowid",
    );
    const insert = file.prepare("insert into events values (?, 'a', 'file.created', ?, ?)");
    insert.run("evt_2", null, "x".repeat(5000));
    insert.run("evt_1", "https://example.com/hook", "{}");
    await longEvents.up(database, sqliteColumnTypes);
    const { rows } = await sql`select id, url, length(payload) as bytes from events order by rowid`.execute(database);
    expect(rows).toEqual([
      { id: "evt_1", url: "https://example.com/hook", bytes: 2 },
      { id: "evt_2", url: null, bytes: 5000 },
    ]);
    expect(() => insert.run("evt_1", null, "{}")).toThrow(/UNIQUE/);
  } finally {
    await database.destroy();
  }
});
