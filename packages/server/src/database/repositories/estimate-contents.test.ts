import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture } from "../../testing/upload-fixture.ts";
import { estimateContents } from "./blobs.ts";

describeEngines((engine) => {
  test("few contents are counted, and many are estimated, for their own account", async () => {
    const fixture = await openUploadFixture(engine);
    const other = openOtherConnection(fixture.config);
    try {
      const { reader } = fixture.parts.database;
      const rows = Array.from({ length: 6000 }, (_, number) => ({
        id: number.toString(16).padStart(24, "0"),
        account_id: fixture.principal.accountId,
        storage_key: `key ${number}`,
        sha256: createHash("sha256").update(String(number)).digest(),
        ...{ size: 1, created_at: 1, touched_at: 1 },
      }));
      const counted: number[] = [];
      for (let start = 0; start < rows.length; start += 1000) {
        await other
          .insertInto("blobs")
          .values(rows.slice(start, start + 1000))
          .execute();
        counted.push(await estimateContents(reader, fixture.principal.viewer));
      }
      expect(counted.slice(0, 2)).toEqual([1000, 2000]);
      for (const [index, count] of counted.entries()) {
        expect(Math.abs(count - 1000 * (index + 1))).toBeLessThan(100 * (index + 1));
      }
      expect(await estimateContents(reader, fixture.stranger.viewer)).toBe(0);
    } finally {
      await other.destroy();
      await fixture.close();
    }
  });
});
