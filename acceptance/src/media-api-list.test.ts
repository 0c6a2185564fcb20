import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nextMillisecond } from "./harness/clock.ts";
import { call, refusal } from "./harness/media-api.ts";
import { png } from "./harness/samples.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
  // In the order of creation. The last upload is a second version of the first file.
  await store("/", "b.txt", "bb");
  await store("/", "a.png", await png(30, 10));
  await store("/photos", "c.png", await png(10, 30));
  await store("/photos/2026", "d.png", await png(20, 20));
  await store("/", "b.txt", "longer than everything else".repeat(100));
});
afterAll(() => server?.stop());

async function store(folder: string, fileName: string, content: string | Buffer): Promise<void> {
  const answer = await uploadBasic(server.url, content, { folder, fileName, useUniqueFileName: "false" });
  expect(answer.status).toBe(200);
  // Files created within one millisecond have no order that a client can know.
  await nextMillisecond();
}

interface Listed {
  readonly name: string;
  readonly type: string;
  readonly versionInfo: { readonly name: string };
}

const list = (query = "") => call(server.url, "GET", `/v1/files${query}`);
const names = async (query = ""): Promise<string[]> => (await list(query)).body.map(({ name }: Listed) => name);

describe("the list of files", () => {
  test("is every current version in the library, the oldest file first", async () => {
    const { status, body } = await list();
    expect(status).toBe(200);
    expect(body.map(({ name, type, versionInfo }: Listed) => [name, type, versionInfo.name])).toEqual([
      ["b.txt", "file", "Version 2"],
      ["a.png", "file", "Version 1"],
      ["c.png", "file", "Version 1"],
      ["d.png", "file", "Version 1"],
    ]);
  });

  test("has each file as its details have it", async () => {
    for (const file of (await list()).body) {
      expect((await call(server.url, "GET", `/v1/files/${file.fileId}/details`)).body).toEqual(file);
    }
  });

  test("is compressed for clients that accept it", async () => {
    const ask = (accepted: string) =>
      fetch(`${server.url}/v1/files`, { headers: { authorization: basic, "accept-encoding": accepted } });
    const [plain, coded] = [await ask("identity"), await ask("br")];
    expect(plain.headers.get("content-encoding")).toBeNull();
    expect(plain.headers.get("vary")).toBe("Accept-Encoding");
    expect(coded.headers.get("content-encoding")).toBe("br");
    expect(Number(coded.headers.get("content-length"))).toBeLessThan(Number(plain.headers.get("content-length")) / 2);
    expect(await coded.text()).toBe(await plain.text());
  });

  test("of type file-version is what is not current", async () => {
    const { body } = await list("?type=file-version");
    expect(body).toMatchObject([{ name: "b.txt", type: "file-version", versionInfo: { name: "Version 1" }, size: 2 }]);
    expect(await names("?type=file")).toEqual(["b.txt", "a.png", "c.png", "d.png"]);
  });

  test.each([
    ["/", ["b.txt", "a.png"]],
    ["photos", ["c.png"]],
    ["/photos/", ["c.png"]],
    ["%2Fphotos%2F2026", ["d.png"]],
    ["/phot", []],
    ["/Photos", []],
  ])("in the folder %s is that folder's alone", async (path, expected) => {
    expect(await names(`?path=${path}`)).toEqual(expected);
  });

  test.each([
    ["all", ["b.txt", "a.png", "c.png", "d.png"]],
    ["image", ["a.png", "c.png", "d.png"]],
    ["non-image", ["b.txt"]],
  ])("of fileType %s", async (fileType, expected) => {
    expect(await names(`?fileType=${fileType}`)).toEqual(expected);
  });

  test.each([
    ["NAME", ["a.png", "b.txt", "c.png", "d.png"]],
    ["CREATED", ["b.txt", "a.png", "c.png", "d.png"]],
    ["UPDATED", ["a.png", "c.png", "d.png", "b.txt"]],
  ])("is sorted by %s, up and down", async (key, expected) => {
    expect(await names(`?sort=ASC_${key}`)).toEqual(expected);
    expect(await names(`?sort=DESC_${key}`)).toEqual(expected.toReversed());
  });

  test("is sorted by width, height and size, up and down", async () => {
    const images = "fileType=image";
    expect(await names(`?${images}&sort=ASC_WIDTH`)).toEqual(["c.png", "d.png", "a.png"]);
    expect(await names(`?${images}&sort=DESC_WIDTH`)).toEqual(["a.png", "d.png", "c.png"]);
    expect(await names(`?${images}&sort=ASC_HEIGHT`)).toEqual(["a.png", "d.png", "c.png"]);
    expect(await names(`?${images}&sort=DESC_HEIGHT`)).toEqual(["c.png", "d.png", "a.png"]);
    const sizes = (await list("?sort=DESC_SIZE")).body.map(({ size }: { size: number }) => size);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect((await names("?sort=DESC_SIZE"))[0]).toBe("b.txt");
    expect((await names("?sort=ASC_SIZE")).at(-1)).toBe("b.txt");
  });

  test("comes in pages, and a short page is the last", async () => {
    expect(await names("?limit=3")).toEqual(["b.txt", "a.png", "c.png"]);
    expect(await names("?limit=3&skip=3")).toEqual(["d.png"]);
    expect(await names("?limit=3&skip=6")).toEqual([]);
    expect(await names("?limit=1000&skip=0")).toHaveLength(4);
    expect(await names("?skip=1")).toEqual(["a.png", "c.png", "d.png"]);
  });

  test("takes all its parameters at once, and empty ones as absent", async () => {
    const query = "?type=file&fileType=image&path=/&sort=DESC_NAME&limit=5&skip=0";
    expect(await names(query)).toEqual(["a.png"]);
    const empty = "?type=&fileType=&path=&sort=&limit=&skip=&searchQuery=&tags=&name=&includeFolder=";
    expect(await names(empty)).toHaveLength(4);
  });
});

describe("the list refuses", () => {
  test.each([
    ["skip=-1", "The value of skip parameter should be greater than or equal to 0. Value sent is -1."],
    ["limit=0", "Minimum value of limit parameter is 1. Value sent is 0."],
    ["limit=2000", "Maximum value of limit parameter is 1000. Value sent is 2000."],
    ["sort=NAME", "Your request contains invalid value for sort parameters."],
    ["sort=asc_name", "Your request contains invalid value for sort parameters."],
    [
      "type=video",
      "Your request contains invalid value for type parameter. Please provide one of the following: file, file-version, folder, all.",
    ],
    ["fileType=video", "Your request contains invalid fileType parameter."],
    ["limit=ten", "Your request contains invalid limit parameter."],
    ["skip=1.5", "Your request contains invalid skip parameter."],
    ["colour=blue", "Your request contains invalid colour parameter."],
    ["limit=1&limit=2", "Your request contains the limit parameter more than once."],
  ])("%s in these words", async (query, message) => {
    const { status, body } = await list(`?${query}`);
    expect([status, body.message]).toEqual([400, message]);
  });

  test("a searchQuery that can't be read, at its position", async () => {
    const answer = await list(`?searchQuery=${encodeURIComponent('name = "a.png" AND')}`);
    expect(refusal(answer)).toEqual([
      400,
      "Your request contains invalid value for searchQuery parameter.",
      "SEARCH_QUERY_INVALID",
    ]);
    expect(answer.body.help).toMatch(/^At position 19: /);
  });
});

describe("folders and searches", () => {
  const search = (query: string, more = "") => names(`?searchQuery=${encodeURIComponent(query)}${more}`);

  test("folders are listed by type=folder, type=all and includeFolder", async () => {
    const { body } = await list("?type=folder");
    expect(body).toMatchObject([
      { type: "folder", name: "photos", folderPath: "/photos", customMetadata: {} },
      { type: "folder", name: "2026", folderPath: "/photos/2026", customMetadata: {} },
    ]);
    expect(await names("?type=all&path=/photos&sort=ASC_NAME")).toEqual(["2026", "c.png"]);
    expect(await names("?includeFolder=true&path=/&sort=ASC_NAME")).toEqual(["a.png", "b.txt", "photos"]);
  });

  test("name is exact, and tags match any", async () => {
    expect(await names("?name=a.png")).toEqual(["a.png"]);
    expect(await names("?name=A.png")).toEqual([]);
    expect(await names("?tags=none,nothing")).toEqual([]);
  });

  test("a searchQuery finds files and folders, and its other parameters still apply", async () => {
    expect(await search('path : "/photos"', "&sort=ASC_NAME")).toEqual(["2026", "c.png", "d.png"]);
    expect(await search('path : "/photos"', "&fileType=image&sort=DESC_NAME&limit=1")).toEqual(["d.png"]);
    expect(await search('type = "file-version"', "&type=folder")).toEqual(["b.txt"]);
    expect(await search('format IN ["png"] AND width >= 20')).toEqual(["a.png", "d.png"]);
    expect(await search('name HAS "PNG"', "&sort=DESC_RELEVANCE")).toEqual(["d.png", "c.png", "a.png"]);
  });

  test("cursors lead to the next page and back", async () => {
    const page = (query: string) =>
      fetch(`${server.url}/v1/files?limit=2${query}`, { headers: { authorization: basic } });
    const first = await page("");
    expect(first.headers.get("x-previous-cursor")).toBeNull();
    const second = await page(`&cursor=${first.headers.get("x-next-cursor")}`);
    expect(((await second.json()) as Listed[]).map(({ name }) => name)).toEqual(["c.png", "d.png"]);
    expect(second.headers.get("x-next-cursor")).toBeNull();
    const back = await page(`&cursor=${second.headers.get("x-previous-cursor")}&count=estimate`);
    expect(((await back.json()) as Listed[]).map(({ name }) => name)).toEqual(["b.txt", "a.png"]);
    expect(back.headers.get("x-estimated-count")).toBe("4");
  });
});
