import { setTimeout as sleep } from "node:timers/promises";
import { type Kysely, sql } from "kysely";
import { expect, test } from "vitest";
import { findMisplacedFolders } from "../../database/repositories/consistency.ts";
import type { Schema } from "../../database/schema.ts";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { postgresEngine } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { createFolderTransaction } from "./manage-folders.ts";
import { startFolderJob } from "./start-job.ts";

describePostgres("a folder's move on PostgreSQL", () => {
  test("takes along the folders that others were creating in it when it began", async () => {
    const fixture = await openUploadFixture(postgresEngine);
    const other = openOtherConnection(fixture.config);
    try {
      const { database } = fixture.parts;
      const { accountId } = fixture.principal;
      for (const path of ["/a", "/a/b"])
        await database.run(createFolderTransaction, { accountId, path, now: Date.now() });
      const moved = await other.transaction().execute(async (transaction) => {
        for (const parent of ["/a/b", "/a"]) {
          const { id } = await transaction
            .selectFrom("folders")
            .select("id")
            .where("path", "=", parent)
            .executeTakeFirstOrThrow();
          const times = { created_at: 1, updated_at: 1 };
          const row = { id: newId(), account_id: accountId, parent_id: id, name: "new", path: `${parent}/new` };
          await transaction
            .insertInto("folders")
            .values({ ...row, ...times })
            .execute();
        }
        const job = { jobId: newId(), accountId, type: "RENAME_FOLDER", source: "/a", target: "/c" } as const;
        const rest = {
          trashMs: null,
          allVersions: false,
          purgeId: null,
          maxObjects: null,
          storageLimit: 0,
          events: undefined,
        };
        const moving = database.run(startFolderJob, {
          ...{ ...job, ...rest },
          ...{ publicUrl: "https://media.example", now: Date.now() },
        });
        await waitForALock(other);
        return { moving };
      });
      expect(await moved.moving).toEqual({ outcome: "ended" });
      const folders = await database.reader
        .selectFrom("folders")
        .select("path")
        .where("account_id", "=", accountId)
        .orderBy("path")
        .execute();
      expect(folders.map(({ path }) => path)).toEqual(["/", "/c", "/c/b", "/c/b/new", "/c/new"]);
      expect(await findMisplacedFolders(database.reader)).toEqual([]);
    } finally {
      await other.destroy();
      await fixture.close();
    }
  });
});

/** Resolves once a transaction of the database waits for another one. */
async function waitForALock(connection: Kysely<Schema>): Promise<void> {
  for (;;) {
    const { rows } = await sql`
      select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
    `.execute(connection);
    if (rows.length > 0) return;
    await sleep(20);
  }
}
