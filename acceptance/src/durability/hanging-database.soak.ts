import { afterAll, beforeAll, expect, test } from "vitest";
import { type PrivatePostgres, startPostgres } from "../../../scripts/services/postgres.ts";
import { findPostgresPrograms } from "../../../scripts/services/postgres-programs.ts";
import { withTemporaryFolder } from "../harness/data-dir.ts";
import { describeWhere } from "../harness/needs.ts";
import { startServerProcess } from "../harness/server.ts";
import { mint, uploadWithToken } from "../harness/upload.ts";

const missing = findPostgresPrograms() === undefined ? "PostgreSQL is not installed" : undefined;

describeWhere(missing, "a server whose PostgreSQL hangs", () => {
  let database: PrivatePostgres;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database?.stop());

  test("ends on SIGTERM within its limit and little more, whatever is in flight, also when it has just started", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const flags = ["--database-url", database.url, "--limit", "shutdown-seconds=1"];
      const busy = await startServerProcess({ dataDir, flags });
      const fields = { fileName: "in-flight.txt" };
      const upload = () => uploadWithToken(busy.url, "hello", fields, mint(fields)).catch(() => undefined);
      expect((await upload())?.status).toBe(200);
      // Its jobs and its recurring work are only starting.
      const fresh = await startServerProcess({ flags });
      database.signal("SIGSTOP");
      try {
        const inFlight = Array.from({ length: 4 }, upload);
        const asked = performance.now();
        expect(await Promise.all([busy.stop(), fresh.stop()])).toEqual([0, 0]);
        expect(performance.now() - asked).toBeLessThan(15_000);
        await Promise.all(inFlight);
      } finally {
        database.signal("SIGCONT");
        await Promise.all([busy.kill(), fresh.kill()]);
      }
    });
  });
});
