import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal, text, unknownId } from "./testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;
  let count = 0;

  beforeAll(async () => {
    app = await createFilesApp(engine);
  });

  afterAll(() => app.close());

  /** Uploads a new file for one test. */
  async function newFile(fields: Record<string, string> = {}): Promise<string> {
    count += 1;
    return (await app.upload({ fields: { fileName: `${count}.jpg`, ...fields } })).file_id;
  }

  const patch = (fileId: string, payload: object | string | Buffer, headers: Record<string, string> = {}) =>
    app.request("PATCH", `/v1/files/${fileId}/details`, { payload, headers });

  async function patched(fileId: string, payload: object): Promise<Record<string, unknown>> {
    const response = await patch(fileId, payload);
    expect(response.statusCode, response.body).toBe(200);
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).json()).toEqual(response.json());
    return response.json();
  }

  test("tags, coordinates and description are set; what is absent stays", async () => {
    const id = await newFile();
    expect(
      await patched(id, { tags: [" a ", "b", "a", ""], customCoordinates: "1, 2,3,4", description: "d" }),
    ).toMatchObject({ tags: ["a", "b"], customCoordinates: "1,2,3,4", description: "d" });
    expect(await patched(id, { tags: ["c"] })).toMatchObject({
      tags: ["c"],
      customCoordinates: "1,2,3,4",
      description: "d",
    });
  });

  test("null unsets, and so does an empty value", async () => {
    const fields = { tags: "a", customCoordinates: "1,2,3,4", description: "d" };
    for (const unset of [
      { tags: null, customCoordinates: null, description: null },
      { tags: [], customCoordinates: "", description: "" },
    ]) {
      const body = await patched(await newFile(fields), unset);
      expect(body).toMatchObject({ tags: null, customCoordinates: null });
      expect(body).not.toHaveProperty("description");
    }
  });

  test("updatedAt of the file, its URL and its place in the list follow, createdAt does not", async () => {
    const id = await newFile();
    const before = (await app.request("GET", `/v1/files/${id}/details`)).json();
    const after = await patched(id, { description: "d" });
    expect(after.createdAt).toBe(before.createdAt);
    expect(Date.parse(String(after.updatedAt))).toBeGreaterThan(Date.parse(before.updatedAt));
    expect(after.url).toContain(`?updatedAt=${Date.parse(String(after.updatedAt))}`);
    const [first] = (await app.request("GET", "/v1/files?sort=DESC_UPDATED&limit=1")).json();
    expect(first.fileId).toBe(id);
  });

  test("an empty object, no body, and a JSON content type without one change nothing", async () => {
    const id = await newFile({ tags: "a" });
    const before = (await app.request("GET", `/v1/files/${id}/details`)).json();
    for (const options of [{ payload: {} }, {}, { headers: { "content-type": "application/json" } }]) {
      const response = await app.request("PATCH", `/v1/files/${id}/details`, options);
      expect([response.statusCode, response.json()]).toEqual([200, before]);
    }
    expect((await patch(unknownId, {})).statusCode).toBe(404);
  });

  test("only the current version changes", async () => {
    const id = await newFile({ fileName: "versions.jpg", description: "one" });
    await newFile({ fileName: "versions.jpg", description: "two" });
    await patched(id, { description: "three" });
    const versions = (await app.request("GET", `/v1/files/${id}/versions`)).json();
    expect(versions.map(({ description }: { description: string }) => description)).toEqual(["three", "one"]);
  });

  test.each([
    [{ tags: "a,b" }, "tags"],
    [{ tags: ["a", 1] }, "tags"],
    [{ tags: ["50%"] }, "tags"],
    [{ tags: ["a\0b"] }, "tags"],
    [{ description: "a\0b" }, "description"],
    [{ customCoordinates: "1,2,3" }, "customCoordinates"],
    [{ customCoordinates: [1, 2, 3, 4] }, "customCoordinates"],
    [{ customCoordinates: "1,2,0,4" }, "customCoordinates"],
    [{ description: 5 }, "description"],
    [{ description: "x".repeat(10_001) }, "description"],
    [{ name: "b.jpg" }, "name"],
    [{ tags: ["a"], colour: "red" }, "colour"],
  ])("%j is refused and changes nothing", async (payload, parameter) => {
    const id = await newFile();
    const before = (await app.request("GET", `/v1/files/${id}/details`)).json();
    expect(refusal(await patch(id, payload))).toEqual([
      400,
      `Your request contains invalid ${parameter} parameter.`,
      "PARAMETER_INVALID",
    ]);
    expect((await app.request("GET", `/v1/files/${id}/details`)).json()).toEqual(before);
  });

  test("tags hold 500 characters together, whatever their number", async () => {
    const id = await newFile();
    await patched(id, { tags: ["😀".repeat(250), "b".repeat(250)] });
    expect(refusal(await patch(id, { tags: ["a".repeat(250), "b".repeat(251)] }))).toEqual([
      400,
      "Your request contains invalid value for tags parameter. Combined length of all tags should be less than or equal to 500.",
      "TAGS_TOO_LONG",
    ]);
  });

  test("only an image has custom coordinates; unsetting what isn't there is no error", async () => {
    const { file_id: id } = await app.upload({ media: text, fields: { fileName: "a.txt" } });
    expect(refusal(await patch(id, { customCoordinates: "1,2,3,4", description: "d" }))).toEqual([
      400,
      "Your request contains invalid customCoordinates parameter.",
      "PARAMETER_INVALID",
    ]);
    expect(await patched(id, { customCoordinates: null })).not.toHaveProperty("description");
  });

  describe("customMetadata", () => {
    beforeAll(async () => {
      for (const [name, schema] of [
        ["price", { type: "Number", minValue: 0, maxValue: 10_000 }],
        ["colours", { type: "MultiSelect", selectOptions: ["red", 7, true] }],
        ["gone", { type: "Text" }],
      ] as const) {
        await app.request("POST", "/v1/customMetadataFields", { payload: { name, label: name, schema } });
      }
    });

    const remove = async (label: string) => {
      const fields: { id: string; label: string }[] = (await app.request("GET", "/v1/customMetadataFields")).json();
      const id = fields.find((field) => field.label === label)?.id;
      return app.request("DELETE", `/v1/customMetadataFields/${id}`);
    };

    test("is merged, null unsets a value, and the listing shows the same", async () => {
      const id = await newFile();
      expect(await patched(id, { customMetadata: { price: 1.5, colours: ["red", 7] } })).toMatchObject({
        customMetadata: { price: 1.5, colours: ["red", 7] },
      });
      expect((await patched(id, { customMetadata: { price: 0, colours: null } })).customMetadata).toEqual({ price: 0 });
      expect((await patched(id, { tags: ["a"], customMetadata: {} })).customMetadata).toEqual({ price: 0 });
      const listed = (await app.request("GET", "/v1/files")).json();
      expect(listed).toContainEqual(expect.objectContaining({ fileId: id, customMetadata: { price: 0 } }));
      expect((await patched(id, { customMetadata: { price: null } })).customMetadata).toEqual({});
    });

    test("that does not fit the fields is refused, each of them named, and nothing changes", async () => {
      const id = await newFile();
      await patched(id, { customMetadata: { price: 1 } });
      const response = await patch(id, { tags: ["new"], customMetadata: { price: -1, colours: ["7"], unknown: "x" } });
      expect(response.statusCode).toBe(400);
      expect(response.json()).toMatchObject({
        message: "Invalid custom metadata.",
        reason: "CUSTOM_METADATA_INVALID",
        errors: {
          price: "Value must be between 0 and 10000.",
          colours: "Value must be an array of selectOptions, each at most once.",
          unknown: "Specified custom metadata field does not exist.",
        },
      });
      const file = (await app.request("GET", `/v1/files/${id}/details`)).json();
      expect(file).toMatchObject({ tags: null, customMetadata: { price: 1 } });
    });

    test("of a deleted field stays as it is and can't be set any more", async () => {
      const id = await newFile();
      await patched(id, { customMetadata: { gone: "kept" } });
      await remove("gone");
      for (const gone of ["new", null]) {
        expect((await patch(id, { customMetadata: { gone } })).json()).toMatchObject({
          errors: { gone: "Specified custom metadata field does not exist." },
        });
      }
      expect((await patched(id, { customMetadata: { price: 2 } })).customMetadata).toEqual({ gone: "kept", price: 2 });
    });

    test("is an object", async () => {
      for (const customMetadata of [null, "{}", [], 1]) {
        const [status, message] = refusal(await patch(await newFile(), { customMetadata }));
        expect([status, message]).toEqual([400, "Your request contains invalid customMetadata parameter."]);
      }
    });
  });

  test.each([
    ["removeAITags", "some"],
    ["extensions", "[]"],
    ["extensions", [{ name: "google-auto-tagging", minConfidence: 101, maxTags: 1 }]],
    ["webhookUrl", "ftp://example.com/"],
  ])("a bad value of %s (%j) changes nothing", async (name, value) => {
    const file = await newFile();
    const [status, message] = refusal(await patch(file, { tags: ["a"], [name]: value }));
    expect([status, message]).toEqual([400, `Your request contains invalid ${name} parameter.`]);
  });

  test("an extension that nobody does has failed, beside changes that are made", async () => {
    const answer = await patch(await newFile(), { tags: ["a"], extensions: [{ name: "remove-bg" }] });
    expect(answer.json()).toMatchObject({ tags: ["a"], extensionStatus: { "remove-bg": "failed" } });
    expect((await patch(await newFile(), { extensions: [] })).json()).not.toHaveProperty("extensionStatus");
  });

  test.each(["[]", "null", '"tags"', "1", "{", "tags=a", Buffer.from('{"description":"\xff"}', "latin1")])(
    "the body %s is no JSON object",
    async (payload) => {
      for (const type of ["application/json", "application/x-www-form-urlencoded", "text/plain"]) {
        expect(refusal(await patch(await newFile(), payload, { "content-type": type }))).toEqual([
          400,
          "Your request contains an invalid JSON body.",
          "BODY_INVALID",
        ]);
      }
    },
  );

  test("a JSON object counts whatever its content type", async () => {
    const response = await patch(await newFile(), '{"tags":["a"]}', { "content-type": "text/plain;charset=UTF-8" });
    expect(response.json()).toMatchObject({ tags: ["a"] });
  });

  test("a body over the limit is refused", async () => {
    const response = await patch(await newFile(), { description: "x".repeat(1024 * 1024) });
    expect(refusal(response).slice(0, 1)).toEqual([413]);
  });

  test("an id that is none, an unknown one, and one of another account", async () => {
    const { file_id: theirs } = await app.upload({ account: "other" });
    for (const payload of [{ tags: ["a"] }, { publish: { isPublished: false } }]) {
      expect(refusal(await patch("x", payload))).toEqual([
        400,
        "Your request contains invalid fileId parameter.",
        "PARAMETER_INVALID",
      ]);
      for (const id of [unknownId, theirs]) {
        expect(refusal(await patch(id, payload))).toEqual([
          404,
          "The requested file does not exist.",
          "FILE_NOT_FOUND",
        ]);
      }
    }
    expect((await app.request("GET", `/v1/files/${theirs}/details`, { account: "other" })).json()).toMatchObject({
      tags: null,
      isPublished: true,
    });
  });

  test("changes and uploads at once: none is lost, and each change meets the version that it answers with", async () => {
    interface Answer {
      readonly type: string;
      readonly description?: string;
      readonly versionInfo: { readonly id: string; readonly name: string };
    }
    const id = await newFile({ fileName: "busy.jpg" });
    const uploads = Array.from({ length: 20 }, () => newFile({ fileName: "busy.jpg" }));
    const changes = Array.from({ length: 20 }, async (_, index) => {
      const answer = (await patch(id, { description: `change ${index}` })).json<Answer>();
      expect(answer).toMatchObject({ type: "file", description: `change ${index}` });
      return answer;
    });
    await Promise.all(uploads);
    const answers = await Promise.all(changes);
    const versions = (await app.request("GET", `/v1/files/${id}/versions`)).json<Answer[]>();
    expect(versions.map(({ versionInfo }) => versionInfo.name)).toEqual(
      Array.from({ length: 21 }, (_, index) => `Version ${21 - index}`),
    );
    expect(versions.map(({ type }) => type)).toEqual(["file", ...Array(20).fill("file-version")]);
    for (const { versionInfo, description } of versions) {
      const met = answers.filter((answer) => answer.versionInfo.id === versionInfo.id);
      expect(met.length === 0 ? [undefined] : met.map((answer) => answer.description)).toContain(description);
    }
  });
});
