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

  test("ends on SIGTERM within its limit and little more, whatever is in flight", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const flags = ["--database-url", database.url, "--limit", "shutdown-seconds=3"];
      const server = await startServerProcess({ dataDir, flags });
      const fields = { fileName: "in-flight.txt" };
      const upload = () => uploadWithToken(server.url, "hello", fields, mint(fields)).catch(() => undefined);
      expect((await upload())?.status).toBe(200);
      database.signal("SIGSTOP");
      try {
        const inFlight = Array.from({ length: 4 }, upload);
        const asked = performance.now();
        expect(await server.stop()).toBe(0);
        expect(performance.now() - asked).toBeLessThan(20_000);
        await Promise.all(inFlight);
      } finally {
        database.signal("SIGCONT");
        await server.kill();
      }
    });
  });
});
