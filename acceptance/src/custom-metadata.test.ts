import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { call } from "./harness/media-api.ts";
import { filePart, textParts } from "./harness/multipart.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { signV1 } from "./harness/v1-signature.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--v1-uploads"] });
  for (const [name, schema] of Object.entries(schemas)) await addField(name, schema);
});
afterAll(() => server?.stop());

const selectOptions = ["small", 30, true];
const schemas = {
  SKU: { type: "Text", minLength: 3, maxLength: 5 },
  story: { type: "Textarea" },
  price: { type: "Number", minValue: 0, maxValue: 10_000 },
  since: { type: "Date", minValue: "2026-01-01", maxValue: "2026-12-31T23:59:59Z" },
  active: { type: "Boolean" },
  size: { type: "SingleSelect", selectOptions },
  sizes: { type: "MultiSelect", selectOptions },
} as const;
const values = {
  SKU: "VS8é",
  story: "Once\nupon a time",
  price: 599.99,
  since: "2026-11-24T10:00:00+01:00",
  active: false,
  size: 30,
  sizes: [true, "small"],
} as const;

let files = 0;
const newName = () => `${++files}.txt`;

async function addField(name: string, schema: object): Promise<string> {
  const answer = await call(server.url, "POST", "/v1/customMetadataFields", {
    body: { name, label: `Label of ${name}`, schema },
  });
  expect(answer.status).toBe(201);
  return answer.body.id;
}

function upload(fields: Readonly<Record<string, string>>): Promise<Answer> {
  return uploadBasic(server.url, "hello", {
    fileName: newName(),
    useUniqueFileName: "false",
    responseFields: "customMetadata",
    ...fields,
  });
}

const withValues = (customMetadata: object) => upload({ customMetadata: JSON.stringify(customMetadata) });
const detailsOf = async (fileId: string) => (await call(server.url, "GET", `/v1/files/${fileId}/details`)).body;

describe("customMetadata of an upload", () => {
  test("of every type is stored, and answered here, in the details, in the list and with the version", async () => {
    const answer = await withValues(values);
    expectStored(answer);
    expect(answer.body.customMetadata).toEqual(values);
    const { fileId } = answer.body;
    const file = await detailsOf(fileId);
    expect(file.customMetadata).toEqual(values);
    const listed = (await call(server.url, "GET", "/v1/files")).body;
    expect(listed).toContainEqual(file);
    const versions = (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;
    expect(versions).toEqual([file]);
  });

  test("is an empty object where there is none, and there only when it is asked for", async () => {
    expect((await upload({})).body.customMetadata).toEqual({});
    expect((await upload({ responseFields: "tags" })).body).not.toHaveProperty("customMetadata");
    expect((await withValues({})).body.customMetadata).toEqual({});
  });

  test("that breaks a rule is refused, by field, and nothing is stored", async () => {
    const wrong = {
      SKU: "ab",
      story: 7,
      price: "30",
      since: "2027-01-01",
      active: "false",
      size: "30",
      sizes: ["small", "large"],
      colour: "red",
    };
    const fileName = newName();
    const answer = await upload({ fileName, customMetadata: JSON.stringify(wrong) });
    expectRefusal(answer, 400, "CUSTOM_METADATA_INVALID");
    expect(answer.body.message).toBe("Invalid custom metadata.");
    expect(answer.body.errors).toEqual({
      SKU: "Value must have between 3 and 5 characters.",
      story: "Value must be of type string.",
      price: "Value must be of type number.",
      since: "Value must be between 2026-01-01 and 2026-12-31T23:59:59Z.",
      active: "Value must be of type boolean.",
      size: "Value must be one of the selectOptions.",
      sizes: "Value must be an array of selectOptions, each at most once.",
      colour: "Specified custom metadata field does not exist.",
    });
    expect((await withValues({ price: 10_001 })).body.errors).toEqual({ price: "Value must be between 0 and 10000." });
    const names = (await call(server.url, "GET", "/v1/files")).body.map(({ name }: { name: string }) => name);
    expect(names).not.toContain(fileName);
  });

  test.each(["{", "[]", '"text"', "{}{}"])("that is %s is refused and named", async (customMetadata) => {
    const answer = await upload({ customMetadata });
    expectRefusal(answer, 400, "PARAMETER_INVALID");
    expect(answer.body.message).toBe("Your request contains invalid customMetadata parameter.");
  });

  test("is locked by a token as the text that it is, and free with a V1 signature", async () => {
    const fields = { fileName: "locked.txt", responseFields: "customMetadata", customMetadata: '{ "price": 1 }' };
    const stored = await uploadWithToken(server.url, "hello", fields);
    expect(stored.body.customMetadata).toEqual({ price: 1 });
    const spelt = await uploadWithToken(
      server.url,
      "hello",
      { ...fields, customMetadata: '{"price":1}' },
      mint({ ...fields }),
    );
    expectRefusal(spelt, 400, "PAYLOAD_MISMATCH");
    const wrong = await uploadWithToken(server.url, "hello", { ...fields, customMetadata: '{"price":-1}' });
    expectRefusal(wrong, 400, "CUSTOM_METADATA_INVALID");
    expect(wrong.headers.get("x-should-retry")).toBe("false");
    const signed = await post(server.url, [...textParts({ ...fields, ...signV1() }), filePart("hello")], {
      version: 1,
    });
    expect(signed.body.customMetadata).toEqual({ price: 1 });
  });

  test("is what the new version has: said, cleared, or kept with overwriteCustomMetadata=false", async () => {
    const fileName = newName();
    const next = async (fields: Readonly<Record<string, string>>) =>
      (await upload({ fileName, ...fields })).body.customMetadata;
    const kept = { overwriteCustomMetadata: "false" };
    expect(await next({ customMetadata: '{"price":1,"active":true}' })).toEqual({ price: 1, active: true });
    expect(await next(kept)).toEqual({ price: 1, active: true });
    expect(await next({ ...kept, customMetadata: '{"price":2}' })).toEqual({ price: 2 });
    expect(await next({})).toEqual({});
    expect(await next(kept)).toEqual({});
    const answer = await upload({ fileName });
    const versions = (await call(server.url, "GET", `/v1/files/${answer.body.fileId}/versions`)).body;
    const all = versions.map(({ customMetadata }: { customMetadata: object }) => customMetadata);
    expect(all.slice(-3)).toEqual([{ price: 2 }, { price: 1, active: true }, { price: 1, active: true }]);
  });

  test("holds 1000 values at most, each item of a list being one", async () => {
    const many = Array.from({ length: 1001 }, (_, index) => index);
    const answer = await withValues({ sizes: many });
    expectRefusal(answer, 400, "TOO_MANY_CUSTOM_VALUES");
    expect(answer.body.message).toBe("An asset can have a maximum of 1000 custom metadata values.");
  });
});

describe("selectedFieldsSchema", () => {
  test("describes the fields that there are, deleted ones left out", async () => {
    const id = await addField("short-lived", { type: "Text" });
    await call(server.url, "DELETE", `/v1/customMetadataFields/${id}`);
    const { body } = await upload({ responseFields: "selectedFieldsSchema,tags" });
    expect(body.selectedFieldsSchema).toEqual(schemas);
  });
});

describe("customMetadata in PATCH details", () => {
  const patch = (fileId: string, body: object) => call(server.url, "PATCH", `/v1/files/${fileId}/details`, { body });

  test("is merged, null unsets, and what breaks a rule changes nothing", async () => {
    const { fileId } = (await withValues({ price: 1, size: true })).body;
    const changed = await patch(fileId, { customMetadata: { price: 2, size: null, active: true } });
    expect(changed.body.customMetadata).toEqual({ price: 2, active: true });
    const refused = await patch(fileId, { tags: ["new"], customMetadata: { price: 0, active: 1, colour: null } });
    expectRefusal(refused, 400, "CUSTOM_METADATA_INVALID");
    expect(refused.body.errors).toEqual({
      active: "Value must be of type boolean.",
      colour: "Specified custom metadata field does not exist.",
    });
    expect(await detailsOf(fileId)).toMatchObject({ tags: null, customMetadata: { price: 2, active: true } });
  });
});

describe("a required field", () => {
  test("gives its default to what has no value, from the moment it is there", async () => {
    const schema = { type: "SingleSelect", selectOptions: ["S", "M"], isValueRequired: true, defaultValue: "M" };
    const before = await withValues({ price: 1 });
    const id = await addField("cut", schema);
    try {
      expect((await upload({})).body.customMetadata).toEqual({ cut: "M" });
      expect((await withValues({ price: 1 })).body.customMetadata).toEqual({ price: 1, cut: "M" });
      expect((await withValues({ cut: "S" })).body.customMetadata).toEqual({ cut: "S" });
      const { fileId } = before.body;
      expect((await detailsOf(fileId)).customMetadata).toEqual({ price: 1 });
      const patched = await call(server.url, "PATCH", `/v1/files/${fileId}/details`, {
        body: { customMetadata: { cut: null } },
      });
      expect(patched.body.customMetadata).toEqual({ price: 1, cut: "M" });
    } finally {
      await call(server.url, "DELETE", `/v1/customMetadataFields/${id}`);
    }
    expect((await upload({})).body.customMetadata).toEqual({});
    expectRefusal(await withValues({ cut: "S" }), 400, "CUSTOM_METADATA_INVALID");
  });
});
