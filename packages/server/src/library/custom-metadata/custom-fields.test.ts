import { afterEach, beforeEach, expect, test } from "vitest";
import type { Principal } from "../../accounts/authenticate.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openOtherConnection } from "../../testing/other-connection.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { newId } from "../../text/id.ts";
import { CustomFields } from "./custom-fields.ts";
import type { FieldSchema } from "./field.ts";
import { changeCustomField, createCustomField, deleteCustomField } from "./manage-fields.ts";

const text: FieldSchema = { type: "Text" };

describeEngines((engine) => {
  let fixture: UploadFixture;
  /** The instance of a process that isn't told of any change. */
  let fields: CustomFields;

  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    fields = new CustomFields(fixture.parts.database.reader);
  });
  afterEach(() => fixture.close());

  async function create({ accountId }: Principal, name: string): Promise<string> {
    const fieldId = newId(fixture.time);
    const field = { name, label: name, description: null, schema: text };
    const input = { accountId, fieldId, now: fixture.time, field };
    expect(await fixture.parts.database.run(createCustomField, input)).toMatchObject({ outcome: "done" });
    return fieldId;
  }

  const names = async ({ accountId }: Principal) => (await fields.of(accountId)).map(({ name }) => name);

  test("fields are what they are now, whoever has changed them", async () => {
    const { principal, stranger } = fixture;
    const { database } = fixture.parts;
    expect(await names(principal)).toEqual([]);
    const brand = await create(principal, "brand");
    fixture.time += 1;
    const price = await create(principal, "price");
    await create(stranger, "secret");
    expect(await names(principal)).toEqual(["brand", "price"]);
    expect(await names(stranger)).toEqual(["secret"]);

    const target = { accountId: principal.accountId, now: fixture.time };
    const change = { schema: { ...text, maxLength: 3 } };
    await database.run(changeCustomField, { ...target, fieldId: price, change });
    expect((await fields.of(principal.accountId))[1]?.schema).toEqual({ type: "Text", maxLength: 3 });
    await database.run(deleteCustomField, { ...target, fieldId: brand });
    expect(await names(principal)).toEqual(["price"]);
  });

  test("as long as nothing changes they are read once, also by an account that has none", async () => {
    const { principal, stranger } = fixture;
    await create(principal, "brand");
    for (const { accountId } of [principal, stranger]) {
      const first = await fields.of(accountId);
      expect(await fields.of(accountId)).toBe(first);
    }
    await create(stranger, "other");
    expect(await names(stranger)).toEqual(["other"]);
  });

  test("changes that no script of this version makes are seen as well", async () => {
    const { accountId } = fixture.principal;
    const id = await create(fixture.principal, "brand");
    const other = openOtherConnection(fixture.config);
    try {
      expect(await names(fixture.principal)).toEqual(["brand"]);
      await other.updateTable("custom_metadata_fields").set({ label: "Marke" }).where("id", "=", id).execute();
      expect(await fields.of(accountId)).toMatchObject([{ label: "Marke" }]);
      const texts = { name: "price", label: "price", description: null, schema: JSON.stringify(text) };
      const times = { created_at: fixture.time + 1, updated_at: fixture.time + 1, deleted_at: null };
      await other
        .insertInto("custom_metadata_fields")
        .values({ id: newId(), account_id: accountId, ...texts, ...times })
        .execute();
      expect(await names(fixture.principal)).toEqual(["brand", "price"]);
      await other.deleteFrom("custom_metadata_fields").where("id", "=", id).execute();
      expect(await names(fixture.principal)).toEqual(["price"]);
    } finally {
      await other.destroy();
    }
  });

  test("an account that is not there has none", async () => {
    expect(await fields.of(newId())).toEqual([]);
  });
});
