import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetRow } from "../../../database/repositories/assets.ts";
import { describeEngines } from "../../../testing/engines.ts";
import { createFilesApp, type FilesApp, picture, refusal, text } from "./testing/files-app.ts";

describeEngines((engine) => {
  let app: FilesApp;
  let oldVersions: AssetRow[];

  interface Listed {
    readonly fileId: string;
    readonly name: string;
    readonly type: string;
    readonly versionInfo: { readonly id: string };
  }

  beforeAll(async () => {
    app = await createFilesApp(engine);
    const size = (width: number, height: number) => ({ ...picture, width, height });
    await app.upload({ fields: { fileName: "b.jpg" }, media: size(30, 10), size: 300 });
    const old = await app.upload({ fields: { fileName: "A.jpg", folder: "/x" }, media: size(10, 30), size: 100 });
    await app.upload({ fields: { fileName: "é.txt", folder: "/x" }, media: text, size: 200 });
    await app.upload({ fields: { fileName: "c.jpg", folder: "/x/y" }, media: size(20, 20), size: 400 });
    const older = await app.upload({ fields: { fileName: "A.jpg", folder: "/x" }, media: size(20, 30), size: 100 });
    await app.upload({ fields: { fileName: "A.jpg", folder: "/x" }, media: size(40, 30), size: 100 });
    oldVersions = [old, older];
    await app.upload({ account: "other", fields: { fileName: "theirs.jpg", folder: "/x" } });
  });

  afterAll(() => app.close());

  async function list(query: string): Promise<Listed[]> {
    const response = await app.request("GET", `/v1/files${query}`);
    expect(response.statusCode, response.body).toBe(200);
    return response.json<Listed[]>();
  }

  const names = async (query: string) => (await list(query)).map(({ name }) => name);

  test("without parameters, every file of the account by the time of its first version", async () => {
    expect(await names("")).toEqual(["b.jpg", "A.jpg", "é.txt", "c.jpg"]);
    expect(await names("/?type=&path=&sort=")).toEqual(["b.jpg", "A.jpg", "é.txt", "c.jpg"]);
  });

  test.each([
    ["ASC_NAME", ["A.jpg", "b.jpg", "c.jpg", "é.txt"]],
    ["DESC_NAME", ["é.txt", "c.jpg", "b.jpg", "A.jpg"]],
    ["ASC_CREATED", ["b.jpg", "A.jpg", "é.txt", "c.jpg"]],
    ["DESC_CREATED", ["c.jpg", "é.txt", "A.jpg", "b.jpg"]],
    ["ASC_UPDATED", ["b.jpg", "é.txt", "c.jpg", "A.jpg"]],
    ["DESC_UPDATED", ["A.jpg", "c.jpg", "é.txt", "b.jpg"]],
    ["ASC_SIZE", ["A.jpg", "é.txt", "b.jpg", "c.jpg"]],
    ["DESC_SIZE", ["c.jpg", "b.jpg", "é.txt", "A.jpg"]],
    // A file without dimensions comes last in both directions.
    ["ASC_WIDTH", ["c.jpg", "b.jpg", "A.jpg", "é.txt"]],
    ["DESC_WIDTH", ["A.jpg", "b.jpg", "c.jpg", "é.txt"]],
    ["ASC_HEIGHT", ["b.jpg", "c.jpg", "A.jpg", "é.txt"]],
    ["DESC_HEIGHT", ["A.jpg", "c.jpg", "b.jpg", "é.txt"]],
  ])("sort=%s", async (sort, expected) => {
    expect(await names(`?sort=${sort}`)).toEqual(expected);
  });

  test.each(["x", "/x", "/x/", "x/", "//x//"])("path=%s is that folder alone", async (path) => {
    expect(await names(`?path=${encodeURIComponent(path)}`)).toEqual(["A.jpg", "é.txt"]);
  });

  test("path=/ is the root alone; a folder that isn't there is empty", async () => {
    expect(await names("?path=%2F")).toEqual(["b.jpg"]);
    expect(await names("?path=nowhere")).toEqual([]);
    expect(await names("?path=..%2Fx")).toEqual([]);
    expect(await names("?path=%25")).toEqual([]);
  });

  test("fileType", async () => {
    expect(await names("?fileType=image")).toEqual(["b.jpg", "A.jpg", "c.jpg"]);
    expect(await names("?fileType=non-image")).toEqual(["é.txt"]);
    expect(await names("?fileType=all&path=x&limit=1")).toEqual(["A.jpg"]);
  });

  test("type=file-version lists what is not current, each by its own times", async () => {
    const versions = await list("?type=file-version");
    expect(versions).toMatchObject(
      oldVersions.map((version) => ({
        type: "file-version",
        fileId: oldVersions[0]?.file_id,
        versionInfo: { id: version.id },
        createdAt: new Date(version.created_at).toISOString(),
        url: `https://media.example.com/demo/x/A.jpg?ik-obj-version=${version.object_version}&updatedAt=${version.updated_at}`,
        thumbnail: expect.stringMatching(/&updatedAt=\d+&tr=n-ik_ml_thumbnail$/),
      })),
    );
    expect((await list("?type=file-version&sort=DESC_CREATED")).map(({ versionInfo }) => versionInfo.id)).toEqual(
      versions.map(({ versionInfo }) => versionInfo.id).reverse(),
    );
    expect(await list("?type=file-version&path=x/y")).toEqual([]);
  });

  test("another account sees its own files alone", async () => {
    const response = await app.request("GET", "/v1/files?path=x", { account: "other" });
    expect(response.json<Listed[]>().map(({ name }) => name)).toEqual(["theirs.jpg"]);
  });

  describe("pages", () => {
    test("skip and limit cut the list", async () => {
      expect(await names("?limit=2")).toEqual(["b.jpg", "A.jpg"]);
      expect(await names("?limit=2&skip=2")).toEqual(["é.txt", "c.jpg"]);
      expect(await names("?limit=1000&skip=3")).toEqual(["c.jpg"]);
      expect(await names("?skip=999999999999999")).toEqual([]);
    });

    test("no page overlaps another or leaves anything out, though all values are equal", async () => {
      const now = app.now;
      const uploads = Array.from({ length: 25 }, async (_, index) => {
        const folder = `/same/${index % 5}/${index}`;
        return (await app.upload({ account: "other", fields: { fileName: "same.jpg", folder }, now })).file_id;
      });
      const ids = (await Promise.all(uploads)).sort();
      for (const key of ["NAME", "CREATED", "UPDATED", "HEIGHT", "WIDTH", "SIZE"]) {
        for (const direction of ["ASC", "DESC"]) {
          const seen: string[] = [];
          for (let skip = 0; skip < 28; skip += 4) {
            const url = `/v1/files?sort=${direction}_${key}&limit=4&skip=${skip}`;
            const page = (await app.request("GET", url, { account: "other" })).json<Listed[]>();
            seen.push(...page.filter(({ name }) => name === "same.jpg").map(({ fileId }) => fileId));
          }
          expect(seen, key).toEqual(direction === "ASC" ? ids : ids.toReversed());
        }
      }
    });
  });

  test.each([
    [
      "skip=-1",
      "The value of skip parameter should be greater than or equal to 0. Value sent is -1.",
      "SKIP_TOO_SMALL",
    ],
    ["limit=0", "Minimum value of limit parameter is 1. Value sent is 0.", "LIMIT_TOO_SMALL"],
    ["limit=-5", "Minimum value of limit parameter is 1. Value sent is -5.", "LIMIT_TOO_SMALL"],
    ["limit=2000", "Maximum value of limit parameter is 1000. Value sent is 2000.", "LIMIT_TOO_LARGE"],
    ["limit=1.5", "Your request contains invalid limit parameter.", "PARAMETER_INVALID"],
    ["limit=ten", "Your request contains invalid limit parameter.", "PARAMETER_INVALID"],
    ["skip=1e3", "Your request contains invalid skip parameter.", "PARAMETER_INVALID"],
    ["skip=99999999999999999999", "Your request contains invalid skip parameter.", "PARAMETER_INVALID"],
    ["sort=NAME", "Your request contains invalid value for sort parameters.", "SORT_INVALID"],
    ["sort=ASC_COLOUR", "Your request contains invalid value for sort parameters.", "SORT_INVALID"],
    ["sort=asc_name", "Your request contains invalid value for sort parameters.", "SORT_INVALID"],
    [
      "type=folders",
      "Your request contains invalid value for type parameter. Please provide one of the following: file, file-version, folder, all.",
      "TYPE_INVALID",
    ],
    ["fileType=video", "Your request contains invalid fileType parameter.", "PARAMETER_INVALID"],
    ["limit=1&limit=2", "Your request contains the limit parameter more than once.", "PARAMETER_REPEATED"],
    ["colour=red", "Your request contains invalid colour parameter.", "PARAMETER_INVALID"],
    ["__proto__=red", "Your request contains invalid __proto__ parameter.", "PARAMETER_INVALID"],
    ["toString=red", "Your request contains invalid toString parameter.", "PARAMETER_INVALID"],
  ])("%s is refused", async (query, message, reason) => {
    expect(refusal(await app.request("GET", `/v1/files?${query}`))).toEqual([400, message, reason]);
  });

  test.each([
    ["type=folder", "type=folder"],
    ["type=all", "type=all"],
    ["sort=DESC_RELEVANCE", "sort=DESC_RELEVANCE"],
    ["searchQuery=name%3D%22a%22&type=nonsense", "searchQuery"],
    ["tags=a,b", "tags"],
    ["name=a.jpg", "name"],
    ["includeFolder=true", "includeFolder"],
  ])("%s is not supported yet, and not ignored", async (query, parameter) => {
    const message = `Your request contains the ${parameter} parameter, which is not supported yet.`;
    expect(refusal(await app.request("GET", `/v1/files?${query}`))).toEqual([400, message, "PARAMETER_NOT_SUPPORTED"]);
  });
});
