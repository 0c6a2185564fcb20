import type { SluiceError } from "@sluice/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CustomFields } from "../../library/custom-metadata/custom-fields.ts";
import type { FieldSchema } from "../../library/custom-metadata/field.ts";
import { createField } from "../../library/custom-metadata/manage-fields.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { checkBeforeFile, checkRequest, type FileToCheck } from "./caller-checks.ts";
import { fieldsOnce, resolveCustomMetadata } from "./custom-metadata.ts";
import { validate } from "./validate.ts";

let fixture: UploadFixture;
beforeAll(async () => {
  fixture = await openUploadFixture();
  const fields: readonly [string, FieldSchema["type"]][] = [
    ["brand", "Text"],
    ["since", "Date"],
    ["constructor", "Number"],
  ];
  for (const [name, type] of fields) {
    await createField(fixture.services, fixture.principal, { name, label: name, schema: { type } });
  }
});
afterAll(() => fixture.close());

type Fields = Readonly<Record<string, string>>;
const image: MediaFacts = { mime: "image/png", kind: "picture", width: 60, height: 40 };
const video: MediaFacts = { mime: "video/mp4", kind: "video" };

/** Runs the step for a whole upload. @returns the reason of its refusal, or null */
async function outcome(checks: string, fields: Fields = {}, file: FileToCheck = { size: 100, media: image }) {
  return refusal(async () => {
    const { principal, parts } = fixture;
    const request = validate(new Map(Object.entries({ fileName: "a b.png", checks, ...fields })));
    const fieldsOf = fieldsOnce(parts.customFields);
    const { customMetadata } = await resolveCustomMetadata(fieldsOf, principal, request);
    (await checkRequest(fieldsOf, principal, request, customMetadata))(file);
  });
}

/** Runs the step before the file, with the fields that have come by then. */
const early = (fields: Fields, claims?: Readonly<Record<string, unknown>>) =>
  refusal(() => {
    const { principal } = fixture;
    const admitted = claims === undefined ? { principal } : { principal, claims: new Map(Object.entries(claims)) };
    return checkBeforeFile(fieldsOnce(fixture.parts.customFields), admitted, new Map(Object.entries(fields)));
  });

async function refusal(run: () => Promise<unknown>): Promise<SluiceError["reason"] | null> {
  return run().then(
    () => null,
    (error) => error.reason,
  );
}

describe("with all that the form says", () => {
  test.each([
    [`"request.fileName" = "a_b.png"`, {}],
    [`"request.folder" : "/"`, {}],
    [`"request.folder" = "x/y_z"`, { folder: "/x/y z/" }],
    [`"request.isPublished" = true AND "request.isPrivateFile" = false`, {}],
    [`"request.tags" NOT IN ["a"] AND "request.customCoordinates" NOT = "1,2,3,4"`, {}],
    [`"request.tags" IN ["b"]`, { tags: "a,b" }],
    [`"request.webhookUrl" NOT = "https://x"`, {}],
    [`"request.customMetadata.brand" NOT = "x"`, {}],
    [`"request.customMetadata.constructor" NOT = 1`, {}],
    [`"request.customMetadata.constructor" > 1`, { customMetadata: '{"constructor":2}' }],
    [
      `"request.customMetadata.since" < "2026-11-24T09:30:00"`,
      { customMetadata: '{"since":"2026-11-24T10:00+01:00"}' },
    ],
    [`"file.size" = 100 AND "file.mime" : image AND "mediaMetadata.width" = 60`, {}],
    [`"mediaMetadata.videoCodec" NOT = "h264"`, {}],
  ])("%s holds", async (checks, fields) => {
    expect(await outcome(checks, fields)).toBeNull();
  });

  test.each([
    [`"request.fileName" = "a b.png"`, {}],
    [`"request.folder" : "/x"`, { folder: "/xy" }],
    [`"request.webhookUrl" : "https://"`, {}],
    [`"request.customMetadata.brand" = "y"`, { customMetadata: '{"brand":"x"}' }],
    [`"file.size" < 100`, {}],
    [`"mediaMetadata.duration" > 0`, {}],
  ])("%s fails", async (checks, fields) => {
    expect(await outcome(checks, fields)).toBe("CHECKS_FAILED");
  });

  test("another account's custom metadata is no field", async () => {
    const checks = `"request.customMetadata.brand" = "x"`;
    const request = validate(new Map(Object.entries({ fileName: "a", checks })));
    const run = () => checkRequest(fieldsOnce(fixture.parts.customFields), fixture.stranger, request, null);
    expect(await refusal(run)).toBe("CHECKS_INVALID");
  });

  test("what is not read of videos is not taken for missing", async () => {
    const film = { size: 100, media: video };
    for (const fact of ["width", "height", "duration", "bitRate"]) {
      expect(await outcome(`"mediaMetadata.${fact}" < 5`, {}, film)).toBe("PARAMETER_NOT_SUPPORTED");
    }
    expect(await outcome(`"mediaMetadata.videoCodec" NOT = "hevc"`, {}, film)).toBe("PARAMETER_NOT_SUPPORTED");
    expect(await outcome(`"file.mime" : "image/" OR "mediaMetadata.width" < 5`, {}, film)).toBe(
      "PARAMETER_NOT_SUPPORTED",
    );
    expect(await outcome(`"file.mime" : "image/" AND "mediaMetadata.width" < 5`, {}, film)).toBe("CHECKS_FAILED");
    expect(await outcome(`"file.mime" : "video/" OR "mediaMetadata.width" < 5`, {}, film)).toBeNull();
  });
});

test("the words of an upload before are judged anew", async () => {
  const checks = `"file.size" < 50`;
  expect(await outcome(checks, {}, { size: 49, media: image })).toBeNull();
  expect(await outcome(checks, {}, { size: 50, media: image })).toBe("CHECKS_FAILED");
  expect(await outcome(checks, {}, { size: 49, media: image })).toBeNull();
});

test("what a token says beforehand is judged once, and the file still is", async () => {
  const { principal, parts } = fixture;
  const fieldsOf = fieldsOnce(parts.customFields);
  const claims = new Map(Object.entries({ fileName: "a", checks: `"request.folder" = "/" AND "file.size" < 50` }));
  const read = await checkBeforeFile(fieldsOf, { principal, claims }, new Map());
  const request = read?.request ?? validate(claims);
  const checkFile = await checkRequest(fieldsOf, principal, request, null, read);
  expect(() => checkFile({ size: 49, media: image })).not.toThrow();
  expect(() => checkFile({ size: 50, media: image })).toThrow(expect.objectContaining({ reason: "CHECKS_FAILED" }));
});

describe("what was judged before the file is judged again where more is known by now", () => {
  async function judge(fields: Fields, later: Fields, customMetadata: string | null, claims?: Fields) {
    const { principal, parts } = fixture;
    const fieldsOf = fieldsOnce(parts.customFields);
    const admitted = claims === undefined ? { principal } : { principal, claims: new Map(Object.entries(claims)) };
    const read = await checkBeforeFile(fieldsOf, admitted, new Map(Object.entries(fields)));
    const request = validate(new Map(Object.entries({ fileName: "a", ...fields, ...later })));
    return refusal(() => checkRequest(fieldsOf, principal, request, customMetadata, read));
  }

  test("a field behind the file decides", async () => {
    const checks = `"request.folder" = "/x"`;
    expect(await judge({ checks }, { folder: "/y" }, null)).toBe("CHECKS_FAILED");
    expect(await judge({ checks }, { folder: "/x" }, null)).toBeNull();
  });

  test("so does the default of a required custom field, whatever the token says", async () => {
    const claims = { fileName: "a", checks: `"request.customMetadata.brand" NOT = "x"` };
    expect(await judge(claims, {}, '{"brand":"x"}', claims)).toBe("CHECKS_FAILED");
    expect(await judge(claims, {}, null, claims)).toBeNull();
  });
});

describe("before the file", () => {
  const inX = { checks: `"request.folder" : "/x" AND "file.size" < 10` };
  const withTag = { checks: `"request.tags" IN ["a"]` };
  const ofBrand = { checks: `"request.customMetadata.brand" = "x"` };

  test.each<[string, Fields, Record<string, unknown> | undefined, string | null]>([
    ["a field that has come decides", { ...inX, folder: "/y" }, undefined, "CHECKS_FAILED"],
    ["a field that is there and empty has its default", { ...inX, folder: "" }, undefined, "CHECKS_FAILED"],
    ["one that may still come does not", inX, undefined, null],
    ["a name that may still come does not", { checks: `"request.fileName" = "x"` }, undefined, null],
    ["the checks themselves may still come", { folder: "/y" }, undefined, null],
    ["what can't be read is refused", { checks: "x" }, undefined, "CHECKS_INVALID"],
    ["a list may still come in parts", { ...withTag, "tags[]": "b" }, undefined, null],
    ["metadata that has come decides", { ...ofBrand, customMetadata: '{"brand":"y"}' }, undefined, "CHECKS_FAILED"],
    ["metadata that may still come does not", ofBrand, undefined, null],
    ["a bad parameter of such an upload is named", { ...inX, isPublished: "?" }, undefined, "PARAMETER_INVALID"],
    ["a token says all: a field that it lacks", {}, { fileName: "a", ...inX }, "CHECKS_FAILED"],
    ["a token says all: the field", {}, { fileName: "a", folder: "/x", ...inX }, null],
    ["a token says all: no metadata", {}, { fileName: "a", ...ofBrand }, "CHECKS_FAILED"],
    ["claims that no form can match say nothing", {}, { fileName: "a", folder: 1, ...inX }, null],
  ])("%s", async (_, fields, claims, reason) => {
    expect(await early(fields, claims)).toBe(reason);
  });
});

test("an upload without checks asks the database nothing", async () => {
  const reader = new Proxy(fixture.parts.database.reader, {
    get: () => {
      throw new Error("asked");
    },
  });
  const { principal } = fixture;
  const fieldsOf = fieldsOnce(new CustomFields(reader));
  const request = validate(new Map([["fileName", "a"]]));
  (await checkRequest(fieldsOf, principal, request, null))({ size: 1, media: video });
  await checkBeforeFile(fieldsOf, { principal }, new Map([["fileName", "a"]]));
  const plain = validate(new Map(Object.entries({ fileName: "a", checks: `"file.size" > 0` })));
  (await checkRequest(fieldsOf, principal, plain, null))({ size: 1, media: video });
});

test("an upload whose checks ask for custom metadata has the account's fields read once", async () => {
  const { reader } = fixture.parts.database;
  let reads = 0;
  const counting = new Proxy(reader, {
    get(target, name) {
      if (name === "engine") reads++;
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  const { principal } = fixture;
  const fields = {
    fileName: "a",
    customMetadata: "{}",
    checks: `"request.customMetadata.brand" = "x" OR "file.size" > 0`,
  };
  const map = new Map(Object.entries(fields));
  const fieldsOf = fieldsOnce(new CustomFields(counting));
  const read = await checkBeforeFile(fieldsOf, { principal }, map);
  const request = validate(map);
  const { customMetadata } = await resolveCustomMetadata(fieldsOf, principal, request);
  (await checkRequest(fieldsOf, principal, request, customMetadata, read))({ size: 1, media: image });
  // One read asks whether the fields are still the same, the other one reads the fields.
  expect(reads).toBe(2);
});

test("the help of a refusal names the condition, cut and visible", async () => {
  const { principal, parts } = fixture;
  const long = `"request.tags" IN ["\u202e\u0007\n\u{1f600}é", "${"x".repeat(300)}"]`;
  const request = validate(new Map(Object.entries({ fileName: "a", checks: long })));
  const failed = await checkRequest(fieldsOnce(parts.customFields), principal, request, null).catch((error) => error);
  expect(failed.help).toMatch(/^This condition does not hold: "request\.tags" IN \["\?\? 😀é", "x+…$/u);
  expect(failed.help.length).toBeLessThan(240);
});
