import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type AccountTable, accountTableNames, accountTables } from "../database/account-tables.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { tablesWithAccounts } from "./testing/tables-with-accounts.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  test("every table of the database whose rows name an account is exported and erased", async () => {
    const owned = await tablesWithAccounts(fixture.parts.database.reader);
    expect(owned).toContain("versions");
    expect([...accountTableNames].sort()).toEqual([...owned, "accounts"].sort());
  });

  test("the columns that tell an account's rows apart are a key of their table, alone or with the account", async () => {
    const { reader } = fixture.parts.database;
    for (const table of accountTableNames) {
      const { owner, order }: AccountTable = accountTables[table];
      const isKey = async (columns: readonly string[]): Promise<boolean> => {
        // On both engines only a key can be a conflict target.
        const names = sql.join(columns.map((column) => sql.ref(column)));
        const insert = sql`explain insert into ${sql.table(table)} select * from ${sql.table(table)} where true
          on conflict (${names}) do nothing`;
        return insert.execute(reader).then(
          () => true,
          () => false,
        );
      };
      const tellsApart = order.includes("id") || (await isKey(order)) || (await isKey([owner, ...order]));
      expect({ table, tellsApart }).toEqual({ table, tellsApart: true });
    }
  });
});
