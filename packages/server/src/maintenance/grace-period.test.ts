import { expect, test } from "vitest";
import { createTestDatabase, describePostgres } from "../database/testing/postgres-database.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { never, openUploadFixture } from "../testing/upload-fixture.ts";
import { sweepBlobs } from "./sweep-blobs.ts";

describePostgres("with the clock of PostgreSQL beside the node's", () => {
  test("a node whose clock is ahead takes nothing before its time", async () => {
    const { url, drop } = await createTestDatabase();
    const fixture = await openUploadFixture({ prepare: async () => ({ settings: { databaseUrl: url }, drop }) });
    try {
      const { config, parts, principal, services } = fixture;
      const { file_id: fileId } = await fixture.upload("just deleted");
      await parts.database.run(removeFileTransaction, { accountId: principal.accountId, fileId });
      fixture.time += 10 * config.limits.sweepGraceMs;
      expect(await sweepBlobs(services, never)).toMatchObject({ releasedBlobs: 0, orphanedObjects: 0 });
      expect(await fixture.storedKeys()).toHaveLength(1);
    } finally {
      await fixture.close();
    }
  });
});
