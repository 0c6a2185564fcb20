import { afterAll, beforeAll, expect, test } from "vitest";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, refusal } from "./testing/files-app.ts";

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

  const patch = (fileId: string, payload: object) => app.request("PATCH", `/v1/files/${fileId}/details`, { payload });

  async function patched(fileId: string, payload: object): Promise<Record<string, unknown>> {
    const response = await patch(fileId, payload);
    expect(response.statusCode, response.body).toBe(200);
    expect((await app.request("GET", `/v1/files/${fileId}/details`)).json()).toEqual(response.json());
    return response.json();
  }

  const publish = (isPublished: boolean, includeFileVersions?: boolean) => ({
    publish: { isPublished, ...(includeFileVersions === undefined ? {} : { includeFileVersions }) },
  });

  const tokens = async (id: string) =>
    (await app.database.reader
      .selectFrom("versions")
      .select(["object_version", "is_published"])
      .where("file_id", "=", id)
      .orderBy("number")
      .execute()) as { object_version: string; is_published: number }[];

  test("a draft's version gets a new token, and so it does when it is published again", async () => {
    const id = await newFile();
    const [before] = await tokens(id);
    expect(await patched(id, publish(false))).toMatchObject({ isPublished: false });
    const [draft] = await tokens(id);
    expect(await patched(id, publish(true))).toMatchObject({ isPublished: true });
    const [after] = await tokens(id);
    const all = [before, draft, after].map((row) => row?.object_version);
    expect(new Set(all).size).toBe(3);
    for (const token of all) expect(token).toMatch(/^[A-Za-z0-9_-]{32}$/);
  });

  test("publishing what is published changes nothing", async () => {
    const id = await newFile();
    const before = [await tokens(id), (await app.request("GET", `/v1/files/${id}/details`)).json()];
    const after = await patched(id, publish(true, true));
    expect([await tokens(id), after]).toEqual(before);
  });

  test("the current version alone, unless the others are included; each changed one gets a new token", async () => {
    const id = await newFile({ fileName: "drafts.jpg" });
    await newFile({ fileName: "drafts.jpg", isPublished: "false" });
    await newFile({ fileName: "drafts.jpg" });
    const first = await tokens(id);
    await patched(id, publish(false, false));
    const second = await tokens(id);
    expect(second.map((row) => row.is_published)).toEqual([1, 0, 0]);
    expect(second.map((row, index) => row.object_version === first[index]?.object_version)).toEqual([
      true,
      true,
      false,
    ]);
    await patched(id, publish(true, true));
    const third = await tokens(id);
    expect(third.map((row) => row.is_published)).toEqual([1, 1, 1]);
    expect(third.map((row, index) => row.object_version === second[index]?.object_version)).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("when only old versions change, the file itself is not updated", async () => {
    const id = await newFile({ fileName: "old-draft.jpg", isPublished: "false" });
    await newFile({ fileName: "old-draft.jpg" });
    const later = await newFile();
    const before = (await app.request("GET", `/v1/files/${id}/details`)).json();
    expect(await patched(id, publish(true, true))).toEqual(before);
    const [first] = (await app.request("GET", "/v1/files?sort=DESC_UPDATED&limit=1")).json();
    expect(first.fileId).toBe(later);
    const [, old] = (await app.request("GET", `/v1/files/${id}/versions`)).json();
    expect(old).toMatchObject({ isPublished: true });
    expect(Date.parse(old.updatedAt)).toBeGreaterThan(Date.parse(old.createdAt));
  });

  test("it does not go with the other members", async () => {
    for (const other of [{ tags: ["a"] }, { description: null }]) {
      expect(refusal(await patch(await newFile(), { ...publish(false), ...other }))).toEqual([
        400,
        "Your request contains an invalid JSON body.",
        "BODY_INVALID",
      ]);
    }
  });

  test.each([
    true,
    null,
    [],
    {},
    { isPublished: "true" },
    { isPublished: true, includeFileVersions: 1 },
    { isPublished: true, includeFileVersions: null },
  ])("%j is refused", async (value) => {
    expect(refusal(await patch(await newFile(), { publish: value }))).toEqual([
      400,
      "Your request contains invalid publish parameter.",
      "PARAMETER_INVALID",
    ]);
  });

  test("a member that is not there is named", async () => {
    const payload = { publish: { isPublished: true, includeVersions: true } };
    expect(refusal(await patch(await newFile(), payload))[1]).toBe(
      "Your request contains invalid publish.includeVersions parameter.",
    );
  });
});
