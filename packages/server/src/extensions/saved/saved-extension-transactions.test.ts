import { afterAll, beforeAll, expect, test } from "vitest";
import { listSavedExtensions } from "../../database/repositories/saved-extensions.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import {
  changeSavedExtension,
  createSavedExtension,
  maxSavedExtensions,
  removeSavedExtension,
} from "./saved-extension.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeAll(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterAll(() => fixture.close());

  const saved = { name: "n", description: "d", config: { name: "ai-auto-description" } };
  const create = ({ accountId } = fixture.principal) =>
    fixture.services.database.run(createSavedExtension, {
      accountId,
      id: `ext_${newId()}`,
      saved,
      now: fixture.time,
    });

  test("an account saves a hundred extensions at most, however many come at once", async () => {
    const made = await Promise.all(Array.from({ length: maxSavedExtensions + 10 }, () => create()));
    expect(made.filter((row) => row !== undefined).length).toBe(maxSavedExtensions);
    const { reader } = fixture.services.database;
    expect((await listSavedExtensions(reader, fixture.principal.accountId)).length).toBe(maxSavedExtensions);
    expect(await create(fixture.stranger)).toBeDefined();
  });

  test("another account's saved extension is none: neither changed nor deleted", async () => {
    const id = (await create(fixture.stranger))?.id ?? "";
    const { accountId } = fixture.principal;
    const { database } = fixture.services;
    const change = { name: "mine" };
    expect(await database.run(changeSavedExtension, { accountId, id, change, now: fixture.time })).toBeUndefined();
    expect(await database.run(removeSavedExtension, { accountId, id })).toBe(false);
    const rows = await listSavedExtensions(database.reader, fixture.stranger.accountId);
    expect(rows.find((row) => row.id === id)?.name).toBe("n");
  });
});
