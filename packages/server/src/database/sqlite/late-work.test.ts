import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LatePart, LateRowError, LateWork } from "./late-work.ts";

/** So many tasks without a rest that late work goes on in their transactions. */
const manyTasks = 20_000;

let database: DatabaseSync;
let late: LateWork;
let failures: unknown[];
let endsAll: boolean;

describe("in the transaction of tasks", () => {
  beforeEach(() => {
    database = new DatabaseSync(":memory:");
    database.exec("create table rows (id text, done integer); insert into rows values ('a', 0), ('bad', 0), ('z', 0)");
    failures = [];
    endsAll = false;
    late = new LateWork(database, doRows, (error) => failures.push(error));
    late.pause();
  });
  afterEach(() => {
    late.pause();
    database.close();
  });

  async function doRows({ atMost, leftOut }: LatePart): Promise<number> {
    const fresh = database.prepare("select id from rows where done = 0 order by id").all() as { id: string }[];
    const rows = fresh.filter(({ id }) => !leftOut.includes(id)).slice(0, atMost);
    for (const { id } of rows) {
      database.prepare("update rows set done = 1 where id = ?").run(id);
      if (endsAll) database.exec("rollback");
      if (endsAll || id === "bad") throw new LateRowError(id, new Error("failed on purpose"));
    }
    return rows.length;
  }
  const done = () =>
    database
      .prepare("select id from rows where done = 1 order by id")
      .all()
      .map(({ id }) => id);
  const fromTask = () => database.exec("insert into rows values ('from a task', 2)");

  test("it is kept and lost with them, and a row that fails takes nothing of theirs along", async () => {
    database.exec("begin");
    fromTask();
    await late.catchUp(manyTasks);
    expect(done()).toEqual(["a", "z"]);
    database.exec("commit");
    expect(done()).toEqual(["a", "z"]);
    expect(database.prepare("select count(*) as n from rows where done = 2").get()).toEqual({ n: 1 });
    expect(failures).toHaveLength(1);

    database.exec("update rows set done = 0 where id = 'a'; begin");
    await late.catchUp(manyTasks);
    expect(done()).toEqual(["a", "z"]);
    database.exec("rollback");
    expect(done()).toEqual(["z"]);
  });

  test("the tasks hear of what ends their transaction", async () => {
    endsAll = true;
    database.exec("begin");
    fromTask();
    await expect(late.catchUp(manyTasks)).rejects.toThrow(LateRowError);
    expect(database.isTransaction).toBe(false);
  });

  test("few tasks leave it for later", async () => {
    database.exec("begin");
    await late.catchUp(manyTasks - 1);
    database.exec("commit");
    expect(done()).toEqual([]);
  });
});
