import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { openUploadFixture, type UploadFixture } from "../testing/upload-fixture.ts";
import { setAccount } from "./account-transactions.ts";
import { findOpenAccounts } from "./open-accounts.ts";

let fixture: UploadFixture;
beforeEach(async () => {
  fixture = await openUploadFixture();
});
afterEach(() => fixture.close());

test("an account counts as open for what its switches, or the configuration for its own, let strangers do", async () => {
  const { reader } = fixture.parts.database;
  const host = "0.0.0.0";
  const all = ["demo", "stranger"];
  expect(await findOpenAccounts(reader, resolveConfig({ host }))).toEqual({ v1Uploads: [], privateThumbnails: [] });
  for (const imagekitId of all) {
    const changes = { v1Uploads: true, delivery: { privateThumbnails: "unsigned" } } as const;
    await fixture.parts.database.run(setAccount, { imagekitId, changes });
  }
  const restrict = (restrictUnsignedImages: "all" | "except_named") =>
    fixture.parts.database.run(setAccount, {
      imagekitId: "demo",
      changes: { delivery: { restrictUnsignedImages } },
    });
  await restrict("except_named");
  expect(await findOpenAccounts(reader, resolveConfig({ host }))).toEqual({ v1Uploads: all, privateThumbnails: all });
  await fixture.parts.database.run(setAccount, {
    imagekitId: "stranger",
    changes: { delivery: { privateThumbnails: "signed" } },
  });
  expect((await findOpenAccounts(reader, resolveConfig({ host }))).privateThumbnails).toEqual(["demo"]);
  await restrict("all");
  expect(await findOpenAccounts(reader, resolveConfig({ host, v1Uploads: false }))).toEqual({
    v1Uploads: ["stranger"],
    privateThumbnails: [],
  });
  expect(await findOpenAccounts(reader, resolveConfig({}))).toEqual({ v1Uploads: [], privateThumbnails: [] });
});
