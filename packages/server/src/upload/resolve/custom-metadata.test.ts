import { afterEach, beforeEach, expect, test } from "vitest";
import type { FieldSchema } from "../../library/custom-metadata/field.ts";
import { createField } from "../../library/custom-metadata/manage-fields.ts";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
    await addField("brand", { type: "Text" });
    await addField("price", { type: "Number" });
  });
  afterEach(() => fixture.close());

  const addField = (name: string, schema: FieldSchema) =>
    createField(fixture.services, fixture.principal, { name, label: name, schema });

  /** Uploads the next version of one file. */
  async function upload(fields: Readonly<Record<string, string>> = {}, customMetadataDefaults: string | null = null) {
    const asset = await fixture.upload("content", fields, { ...fixture.principal, customMetadataDefaults });
    return JSON.parse(asset.custom_metadata ?? "null");
  }

  const given = { customMetadata: '{"price":1,"brand":"x"}' };
  const keep = { overwriteCustomMetadata: "false" };

  test("a version has what its upload says, whatever the flag", async () => {
    expect(await upload(given)).toEqual({ brand: "x", price: 1 });
    expect(await upload({ ...keep, customMetadata: '{"brand":"y"}' })).toEqual({ brand: "y" });
    expect(await upload({ ...keep, customMetadata: '{"brand":null}' })).toBeNull();
  });

  test("without any it has none, or keeps that of the version before", async () => {
    await upload(given);
    expect(await upload(keep)).toEqual({ brand: "x", price: 1 });
    expect(await upload()).toBeNull();
    expect(await upload(keep)).toBeNull();
  });

  test("what it has none of gets the default of a required field, new, cleared or kept", async () => {
    await upload(given);
    await addField("size", {
      type: "SingleSelect",
      selectOptions: ["M", "L"],
      isValueRequired: true,
      defaultValue: "M",
    });
    const defaults = '{"size":"M"}';
    expect(await upload(keep, defaults)).toEqual({ brand: "x", price: 1, size: "M" });
    expect(await upload({}, defaults)).toEqual({ size: "M" });
    expect(await upload({ customMetadata: '{"size":"L"}' })).toEqual({ size: "L" });
    expect(await upload(keep, defaults)).toEqual({ size: "L" });
    expect(await upload({ customMetadata: '{"price":2}' })).toEqual({ price: 2, size: "M" });
    expect(await upload({ fileName: "new.txt", ...keep }, defaults)).toEqual({ size: "M" });
  });

  test("what is kept and what is new by default are no more together than a file may have", async () => {
    const numbers = Array.from({ length: 501 }, (_, index) => index);
    for (const name of ["kept", "new"]) await addField(name, { type: "MultiSelect", selectOptions: numbers });
    await upload({ customMetadata: JSON.stringify({ kept: numbers }) });
    await expect(upload(keep, JSON.stringify({ new: numbers }))).rejects.toMatchObject({
      reason: "TOO_MANY_CUSTOM_VALUES",
    });
    const long = "x".repeat(40_000);
    await upload({ customMetadata: JSON.stringify({ brand: long }) });
    await expect(upload(keep, JSON.stringify({ note: long }))).rejects.toMatchObject({ reason: "PARAMETER_TOO_LARGE" });
    expect(await upload(keep)).toEqual({ brand: long });
  });

  test("what does not fit the account's fields stores nothing", async () => {
    await createField(fixture.services, fixture.stranger, {
      name: "theirs",
      label: "theirs",
      schema: { type: "Text" },
    });
    await expect(upload({ customMetadata: '{"theirs":"x","price":"1"}' })).rejects.toMatchObject({
      reason: "CUSTOM_METADATA_INVALID",
      errors: { theirs: "Specified custom metadata field does not exist.", price: "Value must be of type number." },
    });
    expect(await fixture.storedKeys()).toEqual([]);
  });
});
