import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { exportAccount } from "./export-account.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

/** Adds so many versions behind the one with this id that versions of a later time are on another page. */
async function fillPage({ id, blob_id }: { readonly id: string; readonly blob_id: string }): Promise<void> {
  const { file_id } = await fixture.upload("other", { fileName: "b.txt" });
  const other = openOtherConnection(fixture.config);
  try {
    await sql`insert into versions (id, account_id, file_id, number, blob_id, size, mime, file_type, is_private_file,
        is_published, object_version, created_at, updated_at)
      with recursive numbers (n) as (select 1 union all select n + 1 from numbers where n < 200)
        select ${id} || n, ${fixture.principal.accountId}, ${file_id}, n + 1, ${blob_id}, 5, '', 'non-image', 0, 1, '', 1, 1
          from numbers`.execute(other);
  } finally {
    await other.destroy();
  }
}

test("a file that gets another version meanwhile keeps the copy that was made, and the other one lies beside it", async () => {
  const first = await fixture.upload("first");
  await fillPage(first);
  const { blobs } = fixture.parts;
  let second: string | undefined;
  const read: typeof blobs.read = async (...args) => {
    if (second === undefined) {
      second = "";
      fixture.time += 1000;
      second = (await fixture.upload("second")).id;
    }
    return blobs.read(...args);
  };
  const to = join(fixture.config.dataDir, "export");
  const services = { ...fixture.services, blobs: { ...blobs, read } };
  const done = await exportAccount(services, { imagekitId: "demo", to }, never);
  expect(done).toMatchObject({ problems: 0, manifest: "manifest.jsonl" });
  expect(await readFile(join(to, "files/a.txt"), "utf8")).toBe("first");
  expect(await readFile(join(to, `versions/a.txt/${second}.txt`), "utf8")).toBe("second");
});
