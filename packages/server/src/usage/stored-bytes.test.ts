import { afterEach, beforeEach, expect, test } from "vitest";
import { storedBytes } from "../database/repositories/account-storage.ts";
import { storedBytesBefore } from "../database/repositories/usage.ts";
import { removeFileTransaction } from "../library/files/edit-files.ts";
import { describeEngines } from "../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { dayOf } from "../text/day.ts";

const dayMs = 24 * 60 * 60 * 1000;

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  const before = (days: number, accountId = fixture.principal.accountId) =>
    storedBytesBefore(fixture.parts.database.reader, accountId, dayOf(Date.now() + days * dayMs));

  test("what is stored at the end of a day agrees with the quota's count, whatever adds or removes versions", async () => {
    const { database } = fixture.parts;
    const { accountId } = fixture.principal;
    const uploads = Array.from({ length: 30 }, (_, index) => fixture.upload("12345", { fileName: `${index}.txt` }));
    const assets = await Promise.all(uploads);
    await Promise.all(Array.from({ length: 10 }, () => fixture.upload("1234567", { fileName: "0.txt" })));
    await fixture.upload("123", {}, fixture.stranger);
    expect(await before(1)).toBe(30 * 5 + 10 * 7);
    const deletion = { accountId, now: fixture.time };
    await database.run(removeFileTransaction, { ...deletion, fileId: assets[0]?.file_id ?? "", trashMs: null });
    expect(await before(1)).toBe(29 * 5);
    await database.run(removeFileTransaction, { ...deletion, fileId: assets[1]?.file_id ?? "", trashMs: dayMs });
    expect(await before(1)).toBe(29 * 5);
    expect(await before(1)).toBe(await storedBytes(database.reader, accountId));
    expect(await before(0)).toBe(0);
    expect(await before(1, fixture.stranger.accountId)).toBe(3);
  });
});
