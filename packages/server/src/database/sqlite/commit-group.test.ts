import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { expect, test } from "vitest";
import type { Transactions } from "../database.ts";
import { createCommitGroup } from "./commit-group.ts";
import { LogReserve } from "./log-reserve.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

const transactions: Transactions = {
  note: async (connection, id) => {
    await sql`insert into notes values (${id})`.execute(connection);
    return id;
  },
};

test("late work that ends the transaction of tasks costs none of them", async () => {
  const database = new DatabaseSync(":memory:");
  database.exec("create table notes (id text)");
  const attempts: number[] = [];
  const doLate = async (tasks: number): Promise<void> => {
    attempts.push(tasks);
    database.exec("rollback");
    throw new Error("the disk is full");
  };
  const parts = { database, connection: sqliteConnection(database), transactions, doLate };
  const commit = createCommitGroup({ ...parts, reserve: new LogReserve("unused", 0) });
  const tasks = ["a", "b"].map((input, id) => ({ id, name: "note", input }));
  expect(await commit(tasks)).toEqual([
    { id: 0, output: "a" },
    { id: 1, output: "b" },
  ]);
  expect(attempts).toEqual([2]);
  expect(database.prepare("select id from notes").all()).toEqual([{ id: "a" }, { id: "b" }]);
  database.close();
});
