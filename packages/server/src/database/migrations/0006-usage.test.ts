import { sql } from "kysely";
import { expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture } from "../../testing/upload-fixture.ts";
import { up } from "./0006-usage.ts";
import { postgresSchema, sqliteSchema } from "./schema-dialect.ts";

/** Statements that take the migration back, on either engine. */
const down = {
  sqlite: ["drop trigger usage_storage_begun", "drop trigger usage_storage_changed"],
  plpgsql: ["drop function sluice_usage_begun() cascade", "drop function sluice_usage_changed() cascade"],
} as const;
const tables = ["usage_deliveries", "usage_storage", "usage_extensions"];

describeEngines((engine) => {
  test("versions that are there count from the day on which they were made, and later ones from theirs", async () => {
    const fixture = await openUploadFixture(engine);
    const dialect = fixture.config.databaseUrl === undefined ? sqliteSchema : postgresSchema;
    const other = openOtherConnection(fixture.config);
    try {
      const { accountId } = fixture.principal;
      fixture.time = Date.parse("2026-01-31T23:59:58Z");
      await fixture.upload("12345");
      await fixture.upload("1234567");
      fixture.time = Date.parse("2026-02-01T00:00:00Z");
      await fixture.upload("123", { fileName: "b.txt" });
      for (const statement of down[dialect.triggers]) await sql.raw(statement).execute(other);
      for (const table of tables) await other.schema.dropTable(table).execute();
      await up(other as never, dialect);
      await fixture.upload("1234", { fileName: "c.txt" });
      const rows = await other
        .selectFrom("usage_storage")
        .select(({ fn }) => ["day", fn.sum<number | string>("bytes").as("bytes")])
        .where("account_id", "=", accountId)
        .groupBy("day")
        .orderBy("day")
        .execute();
      const today = new Date().toISOString().slice(0, 10);
      expect(rows.map(({ day, bytes }) => [day, Number(bytes)])).toEqual([
        ["2026-01-31", 12],
        ["2026-02-01", 3],
        [today, 4],
      ]);
    } finally {
      await other.destroy();
      await fixture.close();
    }
  });
});
