import { afterAll, beforeAll, expect, test } from "vitest";
import { findAccount } from "../../database/repositories/accounts.ts";
import { describeEngines } from "../../testing/engines.ts";
import { newId } from "../../text/id.ts";
import { createFilesApp, type FilesApp, refusal, unknownId } from "./files/testing/files-app.ts";

const path = "/v1/customMetadataFields";

describeEngines((engine) => {
  let app: FilesApp;
  let count = 0;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  const create = (payload: object, account: "demo" | "other" = "demo") =>
    app.request("POST", path, { payload, account });
  const change = (id: string, payload: object) => app.request("PATCH", `${path}/${id}`, { payload });
  const list = async (query = "", account: "demo" | "other" = "demo") =>
    (await app.request("GET", `${path}${query}`, { account })).json();

  async function created(field: object = {}) {
    count += 1;
    const response = await create({ name: `f${count}`, label: `F ${count}`, schema: { type: "Text" }, ...field });
    expect(response.statusCode, response.body).toBe(201);
    return response.json();
  }

  async function defaultsOf(imagekitId: string): Promise<unknown> {
    const account = await findAccount(app.database.reader, { imagekit_id: imagekitId });
    return JSON.parse(account?.custom_metadata_defaults ?? "null");
  }

  test("a field is made as it was described, listed, changed and deleted", async () => {
    const schema = {
      type: "MultiSelect",
      selectOptions: ["small", 30, true, 1.5],
      defaultValue: [30, true],
      isValueRequired: true,
    };
    const field = await created({ schema, description: "What there is" });
    expect(field).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/),
      name: `f${count}`,
      label: `F ${count}`,
      description: "What there is",
      schema,
    });
    expect(await list()).toContainEqual(field);
    const newSchema = { selectOptions: ["a"], defaultValue: ["a"] };
    const changed = (await change(field.id, { label: "Other", schema: newSchema, description: "" })).json();
    expect(changed).toEqual({
      id: field.id,
      name: field.name,
      label: "Other",
      schema: { ...schema, ...newSchema },
    });
    expect(await list()).toContainEqual(changed);
    const removed = await app.request("DELETE", `${path}/${field.id}`);
    expect([removed.statusCode, removed.body]).toEqual([204, ""]);
    expect(await list()).not.toContainEqual(changed);
    expect(await list("?includeDeleted=true&folderPath=/a")).toContainEqual(changed);
    expect(await list("?includeDeleted=false")).not.toContainEqual(changed);
  });

  test("a name is taken for good, a label until its field is deleted, in this account alone", async () => {
    const taken = [400, "A custom metadata field with this name already exists.", "CUSTOM_FIELD_NAME_TAKEN"];
    const labelTaken = [400, "A custom metadata field with this label already exists.", "CUSTOM_FIELD_LABEL_TAKEN"];
    const { id, name, label } = await created();
    const schema = { type: "Text" };
    expect(refusal(await create({ name, label: "free", schema }))).toEqual(taken);
    expect(refusal(await create({ name: "free", label, schema }))).toEqual(labelTaken);
    const other = await created();
    expect(refusal(await change(other.id, { label }))).toEqual(labelTaken);
    expect((await change(other.id, { label: other.label })).statusCode).toBe(200);
    expect((await create({ name, label, schema }, "other")).statusCode).toBe(201);
    await app.request("DELETE", `${path}/${id}`);
    expect(refusal(await create({ name, label: "free", schema }))).toEqual(taken);
    expect((await change(other.id, { label })).statusCode).toBe(200);
  });

  test("of many with one name, or one label, made at once there is one", async () => {
    for (const field of [
      (index: number) => ({ name: "one name", label: `label ${index}` }),
      (index: number) => ({ name: `name ${index}`, label: "one label" }),
    ]) {
      const attempts = Array.from({ length: 10 }, (_, index) => create({ ...field(index), schema: { type: "Text" } }));
      const statuses = (await Promise.all(attempts)).map(({ statusCode }) => statusCode).sort();
      expect(statuses).toEqual([201, ...Array(9).fill(400)]);
    }
  });

  test("what is wrong with a field is said of each member", async () => {
    const response = await create({ name: 'a"b', schema: { type: "Text", minValue: 1 }, colour: "red" });
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({
      message: "Invalid field object",
      reason: "CUSTOM_FIELD_INVALID",
      errors: {
        name: "should not contain quotes, backslashes and control characters, nor be __proto__",
        label: "is required",
        colour: "not allowed",
        minValue: "not allowed for this type",
      },
    });
    for (const [member, value] of [
      ["name", ""],
      ["name", "x".repeat(101)],
      ["name", 7],
      ["name", "__proto__"],
      ["label", ""],
      ["description", "x".repeat(501)],
    ] as const) {
      const { errors } = (await create({ name: "n", label: "l", schema: { type: "Text" }, [member]: value })).json();
      expect(Object.keys(errors), `${member} ${value}`).toEqual([member]);
    }
  });

  test("a description alone is a change, and an empty one takes it away", async () => {
    const field = await created({ schema: { type: "Number", minValue: 1 } });
    const described = await change(field.id, { description: "alone" });
    expect([described.statusCode, described.json()]).toEqual([200, { ...field, description: "alone" }]);
    expect(await list()).toContainEqual({ ...field, description: "alone" });
    expect((await change(field.id, { description: "" })).json()).toEqual(field);
    expect(await list()).toContainEqual(field);
    expect(refusal(await change(field.id, { description: 1 }))).toEqual([
      400,
      "Invalid field object",
      "CUSTOM_FIELD_INVALID",
    ]);
  });

  test("a change of a schema keeps the members that it does not name, also those that others change meanwhile", async () => {
    const schema = { type: "Number", minValue: 1, maxValue: 9, defaultValue: 5, isValueRequired: true };
    const { id } = await created({ schema });
    expect((await change(id, { schema: { minValue: 2 } })).json().schema).toEqual({ ...schema, minValue: 2 });
    const changes = [{ minValue: 3 }, { maxValue: 8 }, { defaultValue: 6 }];
    await Promise.all(changes.map((member) => change(id, { schema: member })));
    const changed = { ...schema, minValue: 3, maxValue: 8, defaultValue: 6 };
    expect(await list()).toContainEqual(expect.objectContaining({ id, schema: changed }));
    const removed = await change(id, { schema: { maxValue: null, isValueRequired: false } });
    const { maxValue: _removed, ...kept } = changed;
    expect(removed.json().schema).toEqual({ ...kept, isValueRequired: false });
    expect((await change(id, { schema: { minValue: 7 } })).json().errors).toEqual({
      defaultValue: "should be at least 7",
    });
  });

  test("what can't be changed is named", async () => {
    const { id } = await created({ schema: { type: "Number", minValue: 1 } });
    const changeOf = async (payload: object) => refusal(await change(id, payload));
    expect(await changeOf({ name: "new", label: "l" })).toEqual([
      400,
      "Name cannot be updated.",
      "CUSTOM_FIELD_NAME_FIXED",
    ]);
    const missing = [400, "Either label or schema should be provided.", "CUSTOM_FIELD_CHANGE_MISSING"];
    expect(await changeOf({})).toEqual(missing);
    expect(await changeOf({ label: 1 })).toEqual([400, "Invalid field object", "CUSTOM_FIELD_INVALID"]);
    const schema = await change(id, { schema: { type: "Text", maxLength: 3 } });
    expect(schema.json()).toMatchObject({
      message: "Invalid schema object.",
      reason: "CUSTOM_FIELD_SCHEMA_INVALID",
      errors: { maxLength: "not allowed for this type" },
    });
    await app.request("DELETE", `${path}/${id}`);
    expect(await changeOf({ label: "l" })).toEqual([
      400,
      "Cannot update a deleted custom metadata fields.",
      "CUSTOM_FIELD_DELETED",
    ]);
  });

  test("a field that is not there is not found, nor is another account's or a deleted one", async () => {
    const missing = [404, "No such custom metadata field exists.", "CUSTOM_FIELD_NOT_FOUND"];
    const foreign = (await create({ name: "theirs", label: "theirs", schema: { type: "Text" } }, "other")).json();
    const { id: deleted } = await created();
    await app.request("DELETE", `${path}/${deleted}`);
    for (const id of [unknownId, foreign.id]) expect(refusal(await change(id, { label: "l" }))).toEqual(missing);
    for (const id of [unknownId, foreign.id, deleted]) {
      expect(refusal(await app.request("DELETE", `${path}/${id}`))).toEqual(missing);
    }
    expect(await list("", "other")).toContainEqual(foreign);
  });

  test("ids and parameters are looked at", async () => {
    const invalid = (name: string) => [400, `Your request contains invalid ${name} parameter.`, "PARAMETER_INVALID"];
    for (const method of ["PATCH", "DELETE"] as const) {
      expect(refusal(await app.request(method, `${path}/id`, { payload: { label: "l" } }))).toEqual(invalid("ID"));
      const missing = [400, "Missing id parameter.", "CUSTOM_FIELD_ID_MISSING"];
      expect(refusal(await app.request(method, `${path}/`))).toEqual(missing);
    }
    expect(refusal(await app.request("GET", `${path}?includeDeleted=yes`))).toEqual(invalid("includeDeleted"));
    expect(refusal(await app.request("GET", `${path}?limit=1`))).toEqual(invalid("limit"));
    expect((await app.request("GET", path, { headers: { authorization: "" } })).statusCode).toBe(401);
    expect((await app.request("POST", path, { payload: "[]" })).json()).toMatchObject({ reason: "BODY_INVALID" });
  });

  test("the defaults of required fields are noted with the account, and no others", async () => {
    const before = await defaultsOf("other");
    const make = async (name: string, schema: object) =>
      (await create({ name, label: name, schema }, "other")).json().id as string;
    const id = await make("size", {
      type: "SingleSelect",
      selectOptions: ["M"],
      isValueRequired: true,
      defaultValue: "M",
    });
    await make("free", { type: "Number", defaultValue: 1 });
    expect([before, await defaultsOf("other")]).toEqual([null, { size: "M" }]);
    const options = { account: "other", payload: { schema: { isValueRequired: false } } } as const;
    await app.request("PATCH", `${path}/${id}`, options);
    expect(await defaultsOf("other")).toBeNull();
  });

  test("defaults of required fields are no more than an asset may hold, and what would be is not made", async () => {
    const before = await defaultsOf("demo");
    const schema = (length: number) => ({ type: "Text", isValueRequired: true, defaultValue: "x".repeat(length) });
    const errors = { defaultValue: "should, with the default values of all required fields, be at most 65536 bytes" };
    const tooLarge = { reason: "CUSTOM_FIELD_INVALID", message: "Invalid field object", errors };
    expect((await create({ name: "large", label: "large", schema: schema(70_000) })).json()).toMatchObject(tooLarge);
    const { id } = (await create({ name: "large", label: "large", schema: schema(40_000) })).json();
    expect((await create({ name: "second", label: "second", schema: schema(40_000) })).json()).toMatchObject(tooLarge);
    expect((await change(id, { schema: schema(70_000) })).json()).toMatchObject({
      ...{ reason: "CUSTOM_FIELD_SCHEMA_INVALID", message: "Invalid schema object." },
      errors,
    });
    expect(await defaultsOf("demo")).toMatchObject({ large: "x".repeat(40_000) });
    await app.request("DELETE", `${path}/${id}`);
    expect(await defaultsOf("demo")).toEqual(before);
  });

  test("an account's schemas are a megabyte together at most, and what would be more is not made", async () => {
    const options = (count: number) => Array.from({ length: count }, (_, n) => `${n}`.padEnd(255, "x"));
    const field = (name: string, count = 1000) => ({
      name,
      label: name,
      schema: { type: "SingleSelect", selectOptions: options(count) },
    });
    const tooLarge = [
      400,
      "The schemas of an account's custom metadata fields can have a maximum of 1048576 bytes together.",
      "CUSTOM_FIELD_SCHEMAS_TOO_LARGE",
    ];
    const ids: string[] = [];
    for (const name of ["long1", "long2", "long3", "long4"]) ids.push((await create(field(name))).json().id);
    const { id } = (await create(field("short", 1))).json();
    expect(refusal(await change(id, { schema: { selectOptions: options(1000) } }))).toEqual(tooLarge);
    await app.request("DELETE", `${path}/${ids.pop()}`);
    expect((await change(id, { schema: { selectOptions: options(1000) } })).statusCode).toBe(200);
    expect(refusal(await create(field("long5")))).toEqual(tooLarge);
    expect((await list()).some(({ name }: { name: string }) => name === "long5")).toBe(false);
    for (const made of [id, ...ids]) await app.request("DELETE", `${path}/${made}`);
  });

  test("of deleted fields a megabyte of schemas is kept, and of more the type", async () => {
    const schema = { type: "Text", defaultValue: "x".repeat(400_000) };
    const names = ["first", "second", "third"];
    for (const name of names) {
      const { id } = (await create({ name, label: "same", schema }, "other")).json();
      await app.request("DELETE", `${path}/${id}`, { account: "other" });
    }
    const fields = await list("?includeDeleted=true", "other");
    const schemas = names.map((name) => fields.find((field: { name: string }) => field.name === name).schema);
    expect(schemas).toEqual([schema, schema, { type: "Text" }]);
  });

  test("an account has 500 fields at most", async () => {
    const made = (await list("", "other")).length;
    const { id: accountId = "" } = (await findAccount(app.database.reader, { imagekit_id: "other" })) ?? {};
    const schema = { type: "Boolean" };
    const times = { created_at: 1, updated_at: 1, deleted_at: null };
    const rows = Array.from({ length: 499 - made }, (_, index) => ({
      ...{ id: newId(), account_id: accountId, name: `n${index}`, label: `n${index}`, description: null, ...times },
      schema: JSON.stringify(schema),
    }));
    await app.byOtherConnection((other) => other.insertInto("custom_metadata_fields").values(rows).execute());
    const field = (name: string) => ({ name, label: name, schema });
    expect((await create(field("the last"), "other")).statusCode).toBe(201);
    expect(refusal(await create(field("one more"), "other"))).toEqual([
      400,
      "An account can have a maximum of 500 custom metadata fields.",
      "TOO_MANY_CUSTOM_FIELDS",
    ]);
    await app.request("DELETE", `${path}/${(await list("", "other"))[0].id}`, { account: "other" });
    expect((await create(field("one more"), "other")).statusCode).toBe(201);
  });
});
