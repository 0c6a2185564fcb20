import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, unknownId } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const path = "/v1/customMetadataFields";
const options = ["small", 30, true];

let fields = 0;
const newField = (schema: object) => ({ name: `name ${++fields}`, label: `label ${fields}`, schema });
const create = (body: object) => call(server.url, "POST", path, { body });
const createWith = (schema: object) => create(newField(schema));
const change = (id: string, body: object) => call(server.url, "PATCH", `${path}/${id}`, { body });
const remove = (id: string) => call(server.url, "DELETE", `${path}/${id}`);
const errorsOf = async (schema: object) => (await createWith(schema)).body.errors;

async function created(schema: object = { type: "Text" }): Promise<{ id: string; name: string; label: string }> {
  const { status, body } = await createWith(schema);
  expect(status).toBe(201);
  return body;
}

describe("a schema", () => {
  const good = [
    { type: "Text", minLength: 1, maxLength: 5 },
    { type: "Textarea", minLength: 1, maxLength: 5 },
    { type: "Number", minValue: -1.5, maxValue: 2 },
    { type: "Date", minValue: "2026-01-01", maxValue: "2026-12-31T23:59:59Z" },
    { type: "Boolean" },
    { type: "SingleSelect", selectOptions: options },
    { type: "MultiSelect", selectOptions: options },
  ];
  const constraints = { minLength: 1, minValue: 1, selectOptions: options };

  test("every type takes its constraints, and no others", async () => {
    for (const schema of good) {
      const answer = await createWith(schema);
      expect(answer.body).toMatchObject({ schema });
      expect(answer.status).toBe(201);
      const others = Object.entries(constraints).filter(([name]) => !Object.hasOwn(schema, name));
      const refused = await createWith({ ...schema, ...Object.fromEntries(others) });
      expect(refused.body.errors).toEqual(
        Object.fromEntries(others.map(([name]) => [name, "not allowed for this type"])),
      );
    }
    expect(await errorsOf({ type: "Number", minValue: "1000", maxLength: 3 })).toEqual({
      minValue: "should be of type number",
      maxLength: "not allowed for this type",
    });
    for (const type of ["TextArea", "text", "", null]) expect(Object.keys(await errorsOf({ type }))).toEqual(["type"]);
  });

  test("a default value meets every constraint, and stands where a value is required", async () => {
    const required = { isValueRequired: true };
    const defaults = ["abc", "a\nb", 2, "2026-06-01", false, 30, [true, "small"]];
    const wrong = ["", 7, "2", "2027-01-01", 0, "30", "small"];
    for (const [index, schema] of good.entries()) {
      expect(await errorsOf({ ...schema, ...required })).toEqual({
        defaultValue: "is required when isValueRequired is true",
      });
      const bad = await errorsOf({ ...schema, ...required, defaultValue: wrong[index] });
      expect(bad, schema.type).toEqual({ defaultValue: expect.stringMatching(/^should /) });
      const { status, body } = await createWith({ ...schema, ...required, defaultValue: defaults[index] });
      expect(body.schema).toEqual({ ...schema, ...required, defaultValue: defaults[index] });
      expect(status).toBe(201);
    }
  });
});

test("a name is taken for good, a label until its field is deleted", async () => {
  const schema = { type: "Text" };
  const { id, name, label } = await created();
  const messageOf = async (body: object) => (await create({ schema, ...body })).body.message;
  const taken = (what: string) => `A custom metadata field with this ${what} already exists.`;
  expect(await messageOf({ name, label: "another" })).toBe(taken("name"));
  expect(await messageOf({ name: "another", label })).toBe(taken("label"));
  expect((await remove(id)).status).toBe(204);
  expect(await messageOf({ name, label: "another" })).toBe(taken("name"));
  expect((await create({ name: "another", label, schema })).status).toBe(201);
});

test.each<[message: string, status: number, call: () => Promise<{ readonly status: number; readonly body: unknown }>]>([
  ["Invalid field object", 400, () => create({ name: "", label: "", schema: {} })],
  ["Invalid schema object.", 400, async () => change((await created()).id, { schema: { minValue: 1 } })],
  ["Either label or schema should be provided.", 400, async () => change((await created()).id, {})],
  ["Name cannot be updated.", 400, async () => change((await created()).id, { name: "new", label: "new" })],
  [
    "Cannot update a deleted custom metadata fields.",
    400,
    async () => {
      const { id } = await created();
      await remove(id);
      return change(id, { label: "late" });
    },
  ],
  ["Missing id parameter.", 400, () => call(server.url, "PATCH", path, { body: { label: "l" } })],
  ["Your request contains invalid ID parameter.", 400, () => remove("id")],
  ["No such custom metadata field exists.", 404, () => change(unknownId, { label: "l" })],
  ["No such custom metadata field exists.", 404, () => remove(unknownId)],
])("%s: %i, word by word", async (message, status, refused) => {
  const answer = await refused();
  expect(answer.body).toMatchObject({ message, help: expect.any(String), reason: expect.any(String) });
  expect(answer.status).toBe(status);
});
