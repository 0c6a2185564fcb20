import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { createCustomField, maxFieldsEver } from "./manage-fields.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  test("an account has as many fields as its list may have with the deleted ones", async () => {
    const { accountId } = fixture.principal;
    const times = { created_at: 1, updated_at: 1, deleted_at: 1 };
    const schema = { type: "Boolean" } as const;
    const deleted = Array.from({ length: maxFieldsEver - 1 }, (_, number) => ({
      ...{ id: newId(), account_id: accountId, name: `old ${number}`, label: "old", description: null, ...times },
      schema: JSON.stringify(schema),
    }));
    const other = openOtherConnection(fixture.config);
    try {
      for (let start = 0; start < deleted.length; start += 1000) {
        await other
          .insertInto("custom_metadata_fields")
          .values(deleted.slice(start, start + 1000))
          .execute();
      }
    } finally {
      await other.destroy();
    }
    const create = (name: string) => {
      const field = { name, label: name, description: null, schema };
      return fixture.parts.database.run(createCustomField, { accountId, now: 2, fieldId: newId(), field });
    };
    expect(await create("last")).toMatchObject({ outcome: "done" });
    expect(await create("one more")).toEqual({ outcome: "too many ever" });
  });
});
