import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AssetRow } from "../../../database/repositories/assets.ts";
import { untilSettled } from "../../../database/search-index/testing/settled.ts";
import { recordPictureHashes } from "../../../library/similar/hash-transactions.ts";
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

  test("folders are listed as objects of their own", async () => {
    const folders = (await app.request("GET", "/v1/files?type=folder&sort=ASC_NAME")).json<Record<string, unknown>[]>();
    expect(folders).toMatchObject([
      { type: "folder", name: "x", folderPath: "/x", customMetadata: {} },
      { type: "folder", name: "y", folderPath: "/x/y" },
    ]);
    expect(Object.keys(folders[0] ?? {}).sort()).toEqual(
      ["createdAt", "customMetadata", "folderId", "folderPath", "name", "type", "updatedAt"].sort(),
    );
    expect(await names("?type=all&path=x&sort=ASC_NAME")).toEqual(["A.jpg", "y", "é.txt"]);
    expect(await names("?includeFolder=true&path=x&sort=ASC_NAME")).toEqual(["A.jpg", "y", "é.txt"]);
    expect(await names("?type=all&sort=DESC_SIZE")).toEqual(["c.jpg", "b.jpg", "é.txt", "A.jpg", "y", "x"]);
    expect(await names("?type=folder&fileType=image")).toEqual([]);
  });

  test("name is exact, tags match any", async () => {
    expect(await names("?name=A.jpg")).toEqual(["A.jpg"]);
    expect(await names("?name=a.jpg")).toEqual([]);
    expect(await names("?tags=red,none")).toEqual([]);
  });

  test("beside a searchQuery, type, tags, name and includeFolder are ignored, and the others apply", async () => {
    const query = encodeURIComponent('name : "A" OR name = "y" OR name = "b.jpg"');
    expect(await names(`?searchQuery=${query}&type=nonsense&tags=none&name=x&includeFolder=maybe`)).toEqual([
      "b.jpg",
      "A.jpg",
      "y",
    ]);
    expect(await names(`?searchQuery=${query}&path=x&sort=DESC_NAME`)).toEqual(["y", "A.jpg"]);
    expect(await names(`?searchQuery=${query}&fileType=image&skip=1`)).toEqual(["A.jpg"]);
  });

  test("a searchQuery that can't be read is refused at its position", async () => {
    const response = await app.request("GET", `/v1/files?searchQuery=${encodeURIComponent('name ~ "a"')}`);
    expect(refusal(response)).toEqual([
      400,
      "Your request contains invalid value for searchQuery parameter.",
      "SEARCH_QUERY_INVALID",
    ]);
    expect(response.json<{ help: string }>().help).toMatch(/^At position 6: /);
    const unknown = encodeURIComponent('size > 1 AND "customMetadata.nope" = 1');
    expect((await app.request("GET", `/v1/files?searchQuery=${unknown}`)).json<{ help: string }>().help).toMatch(
      /^At position 14: /,
    );
  });

  test("cursors go through a list in both directions", async () => {
    for (const sort of ["ASC_NAME", "DESC_NAME", "ASC_CREATED", "DESC_WIDTH", "ASC_WIDTH", "DESC_SIZE"]) {
      const url = `/v1/files?type=all&sort=${sort}&limit=2`;
      const whole = await names(`?type=all&sort=${sort}`);
      const pages: string[][] = [];
      let next: string | undefined;
      let response = await app.request("GET", url);
      expect(response.headers).not.toHaveProperty("x-previous-cursor");
      for (;;) {
        pages.push(response.json<Listed[]>().map(({ name }) => name));
        next = response.headers["x-next-cursor"] as string | undefined;
        if (next === undefined) break;
        response = await app.request("GET", `${url}&cursor=${next}`);
      }
      expect(pages.flat()).toEqual(whole);
      for (const page of pages.slice(0, -1).reverse()) {
        response = await app.request("GET", `${url}&cursor=${response.headers["x-previous-cursor"]}`);
        expect(response.json<Listed[]>().map(({ name }) => name)).toEqual(page);
      }
      expect(response.headers).not.toHaveProperty("x-previous-cursor");
    }
  });

  test("startAt opens a page at a value of the sort's key", async () => {
    expect(await names("?sort=ASC_NAME&startAt=b")).toEqual(["b.jpg", "c.jpg", "é.txt"]);
    expect(await names("?sort=DESC_NAME&startAt=b.jpg")).toEqual(["b.jpg", "A.jpg"]);
    expect(await names("?sort=ASC_SIZE&startAt=200")).toEqual(["é.txt", "b.jpg", "c.jpg"]);
    expect(await names("?sort=ASC_CREATED&startAt=2030-01-01")).toEqual([]);
  });

  test("marks are the keys at which a scroll bar can open the list", async () => {
    const marks = async (query: string) => (await app.request("GET", `/v1/files/marks${query}`)).json();
    expect(await marks("?path=x&sort=DESC_NAME")).toEqual({ files: 2, total: 2, marks: ["é.txt", "A.jpg"] });
    expect(await marks("?sort=ASC_SIZE")).toEqual({ files: 1, total: 1, marks: ["300"] });
    expect(await marks("?path=x&sort=ASC_WIDTH")).toEqual({ files: 2, total: 1, marks: ["40"] });
    const { marks: times } = await marks("?path=/x/y");
    expect(times).toEqual([expect.stringMatching(/^\d{4}-.*Z$/)]);
    expect(await names(`?path=/x/y&startAt=${times[0]}`)).toEqual(["c.jpg"]);
    expect(refusal(await app.request("GET", "/v1/files/marks?sort=ASC_RELEVANCE"))[2]).toBe("SORT_INVALID");
    expect(refusal(await app.request("GET", "/v1/files/marks?type=all"))[2]).toBe("PARAMETER_INVALID");
  });

  test("count=estimate answers with the number of objects on all pages", async () => {
    const count = async (query: string) =>
      (await app.request("GET", `/v1/files?count=estimate&limit=1${query}`)).headers["x-estimated-count"];
    expect(await count("")).toBe("4");
    expect(await count("&type=all")).toBe("6");
    expect(await count(`&searchQuery=${encodeURIComponent('type = "file-version" OR size > 100')}`)).toBe("5");
  });

  test("duplicatesOf lists the files of equal content", async () => {
    const [first] = await list("?name=b.jpg");
    expect(await names(`?duplicatesOf=${first?.fileId}`)).toEqual(["b.jpg"]);
    const other = await app.request("GET", `/v1/files?duplicatesOf=${first?.fileId}`, { account: "other" });
    expect(refusal(other)).toEqual([404, "The requested file does not exist.", "FILE_NOT_FOUND"]);
  });

  test("tags are listed by their beginning, in any case, whether or not their file is settled", async () => {
    const account = "other";
    for (const tags of ["zebra,Zeal", "zebra", "zeal"]) {
      await app.upload({ account, fields: { fileName: `${tags}.jpg`, tags } });
    }
    const tagsOf = async (query: string, asking: "demo" | "other" = account) =>
      (await app.request("GET", `/v1/files/tags?${query}`, { account: asking })).json().tags;
    const expectTags = async () => {
      expect(await tagsOf("beginning=zE")).toEqual(["zeal", "zebra", "Zeal"]);
      expect(await tagsOf("beginning=ze&limit=1")).toEqual(["zeal"]);
      expect(await tagsOf("beginning=zeb")).toEqual(["zebra"]);
      expect(await tagsOf("beginning=zebras")).toEqual([]);
      expect(await tagsOf("beginning=ze", "demo")).toEqual([]);
    };
    await expectTags();
    await untilSettled(app.database.reader);
    await expectTags();
    expect((await tagsOf("limit=100")).length).toBeGreaterThan(2);
    for (const wrong of ["limit=0", "limit=101", "beginning=%00", "beginning=a&beginning=b", "start=a"]) {
      expect((await app.request("GET", `/v1/files/tags?${wrong}`)).statusCode).toBe(400);
    }
  });

  test("similarTo lists the files with a similar picture, the closest first, page by page", async () => {
    const { database } = app;
    const files = await list("?sort=ASC_NAME");
    const hashes = { "A.jpg": "00000000000000ff", "b.jpg": "00000000000000f0", "c.jpg": "ffffffffffffffff" };
    const colors: Readonly<Record<string, string>> = { "A.jpg": "#0a0b0c" };
    const blobs = [];
    for (const [name, hash] of Object.entries(hashes)) {
      const { blob_id, account_id } = await database.reader
        .selectFrom("versions")
        .innerJoin("files", "files.current_version_id", "versions.id")
        .select(["blob_id", "versions.account_id"])
        .where("files.id", "=", files.find((file) => file.name === name)?.fileId ?? "")
        .executeTakeFirstOrThrow();
      blobs.push({ id: blob_id, account_id, fingerprint: { hash, color: colors[name] }, touched_at: Date.now() });
    }
    await database.run(recordPictureHashes, { blobs });
    const colored = await list("?sort=ASC_NAME&include=dominantColor");
    expect(colored.map((file) => (file as { dominantColor?: string }).dominantColor)).toEqual(
      colored.map(({ name }) => colors[name]),
    );
    expect((await list("?sort=ASC_NAME")).some((file) => "dominantColor" in file)).toBe(false);
    const idOf = (name: string) => files.find((file) => file.name === name)?.fileId;
    expect(await names(`?similarTo=${idOf("b.jpg")}`)).toEqual(["b.jpg", "A.jpg"]);
    expect(await names(`?similarTo=${idOf("b.jpg")},3`)).toEqual(["b.jpg"]);
    expect(await names(`?similarTo=${idOf("b.jpg")}&sort=ASC_NAME`)).toEqual(["A.jpg", "b.jpg"]);
    expect(await names(`?similarTo=${idOf("c.jpg")}`)).toEqual(["c.jpg"]);
    const first = await app.request("GET", `/v1/files?similarTo=${idOf("b.jpg")}&limit=1`);
    expect(first.headers["x-hashed-share"]).toMatch(/^[01]\.\d{4}$/);
    const cursor = first.headers["x-next-cursor"];
    expect(await names(`?similarTo=${idOf("b.jpg")}&limit=1&cursor=${cursor}`)).toEqual(["A.jpg"]);
    const other = await app.request("GET", `/v1/files?similarTo=${idOf("b.jpg")}`, { account: "other" });
    expect(refusal(other)).toEqual([404, "The requested file does not exist.", "FILE_NOT_FOUND"]);
    const text = await app.request("GET", `/v1/files?similarTo=${idOf("é.txt")}`);
    expect(refusal(text)[2]).toBe("PARAMETER_INVALID");
  });

  test.each([
    "cursor=nonsense",
    "include=everything",
    "duplicatesOf=x",
    "similarTo=x",
    "similarTo=0123456789abcdef01234567,16",
    "startAt=soon",
    "count=all",
    "includeFolder=maybe",
  ])("%s is refused", async (query) => {
    const [status, , reason] = refusal(await app.request("GET", `/v1/files?${query}`));
    expect([status, reason]).toEqual([400, "PARAMETER_INVALID"]);
  });
});
