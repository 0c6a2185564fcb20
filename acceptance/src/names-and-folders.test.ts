import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textAt } from "./harness/deliver.ts";
import { refusal } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const upload = (fields: Readonly<Record<string, string>>, content = "text") =>
  uploadBasic(server.url, content, { fileName: "a.txt", ...fields });
const uploadAs = (fileName: string, content?: string) => upload({ fileName, useUniqueFileName: "false" }, content);
const invalidName = [400, "Your request contains invalid fileName parameter.", "PARAMETER_INVALID"];
const invalidFolder = [400, "Your request contains invalid value for folder parameter.", "FOLDER_INVALID"];

describe("a file's name", () => {
  test.each([
    ["photo 1 (final).jpg", "photo_1__final_.jpg"],
    ["a/b\\c:d.txt", "a_b_c_d.txt"],
    ["../../etc/passwd", ".._.._etc_passwd"],
    ["été-日本-٣.txt", "été-日本-٣.txt"],
    ["हिन्दी.txt", "हिन्दी.txt"],
    ["face😀.txt", "face_.txt"],
    ["tab\tline\nnull\0.txt", "tab_line_null_.txt"],
    ["a@b#c%20+&=?;,.txt", "a_b_c_20______.txt"],
    ["Keep._-it", "Keep._-it"],
    ["..hidden", "..hidden"],
  ])("keeps letters, marks, numbers and ._- alone: %j becomes %j", async (fileName, stored) => {
    const { status, body } = await uploadAs(fileName);
    expect(body).toMatchObject({ name: stored, filePath: `/${stored}` });
    expect(status).toBe(200);
  });

  test("without an extension stays without", async () => {
    expect((await uploadAs("README")).body.name).toBe("README");
    expect((await upload({ fileName: "README" })).body.name).toMatch(/^README_[A-Za-z0-9_-]{9,11}$/);
  });

  test.each([".", ".."])("is never %s", async (fileName) => {
    expect(refusal(await uploadAs(fileName))).toEqual(invalidName);
    expect(refusal(await upload({ fileName }))).toEqual(invalidName);
  });

  test("is the same in composed and decomposed Unicode", async () => {
    const composed = await uploadAs("caf\u00e9.txt");
    const decomposed = await uploadAs("cafe\u0301.txt");
    expect(decomposed.body).toMatchObject({
      fileId: composed.body.fileId,
      name: "caf\u00e9.txt",
      versionInfo: { name: "Version 2" },
    });
  });

  test("minds its case", async () => {
    const [lower, upper] = [await uploadAs("case.txt", "lower"), await uploadAs("CASE.txt", "upper")];
    expect(upper.body.versionInfo.name).toBe("Version 1");
    expect([await textAt(lower.body.url), await textAt(upper.body.url)]).toEqual(["lower", "upper"]);
  });

  test("has 255 bytes in UTF-8 at most", async () => {
    const longest = `${"é".repeat(125)}a.txt`;
    const { body } = await uploadAs(longest);
    expect(body.name).toBe(longest);
    expect(await textAt(body.url)).toBe("text");
    expect(refusal(await uploadAs(`a${longest}`))).toEqual(invalidName);
  });

  test("is compared with the token before it is changed", async () => {
    const fields = { fileName: "my cafe\u0301.txt", folder: "/a b/", useUniqueFileName: "false" };
    const { status, body } = await uploadWithToken(server.url, "text", fields);
    expect(body.filePath).toBe("/a_b/my_caf\u00e9.txt");
    expect(status).toBe(200);
  });
});

describe("the unique suffix", () => {
  test.each([
    ["photo.jpg", /^photo_[A-Za-z0-9_-]{9,11}\.jpg$/],
    ["archive.tar.gz", /^archive\.tar_[A-Za-z0-9_-]{9,11}\.gz$/],
  ])("stands before the last extension of %s", async (fileName, expected) => {
    const { body } = await upload({ fileName });
    expect(body.name).toMatch(expected);
    expect(body.filePath).toBe(`/${body.name}`);
  });

  test("makes every upload a file of its own", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => upload({ fileName: "same.txt" })));
    expect(new Set(answers.map(({ body }) => body.name)).size).toBe(5);
    expect(new Set(answers.map(({ body }) => body.fileId)).size).toBe(5);
    expect(answers.map(({ body }) => body.versionInfo.name)).toEqual(Array(5).fill("Version 1"));
  });

  test("fits into the longest name", async () => {
    const { status, body } = await upload({ fileName: `${"a".repeat(251)}.txt` });
    expect(status).toBe(200);
    expect(body.name).toMatch(/^a{230,}_[A-Za-z0-9_-]{9,11}\.txt$/);
    expect(Buffer.byteLength(body.name)).toBeLessThanOrEqual(255);
  });
});

describe("a folder", () => {
  const folderOf = async (folder: string) => {
    const { status, body } = await upload({ folder });
    expect(body).toHaveProperty("filePath");
    expect(status).toBe(200);
    return body.filePath.slice(0, -body.name.length - 1);
  };

  test.each([
    ["/", ""],
    ["govind", "/govind"],
    ["/a/b", "/a/b"],
    ["/a/b/", "/a/b"],
    ["//a///b//", "/a/b"],
    ["///", ""],
  ])("is a path whose outer slashes are optional and whose repeated ones collapse: %j is %j", async (text, path) => {
    expect(await folderOf(text)).toBe(path);
  });

  test("is the root when there is none", async () => {
    const { body } = await upload({});
    expect(body.filePath).toBe(`/${body.name}`);
  });

  test.each([
    ["my folder/v1.2", "/my_folder/v1_2"],
    ["été-日本_٣/a:b", "/été-日本_٣/a_b"],
    ["a\\b/...", "/a_b/___"],
    ["😀", "/_"],
  ])("keeps letters, marks, numbers, _ and - alone: %j becomes %j", async (text, path) => {
    expect(await folderOf(text)).toBe(path);
  });

  test.each([".", "..", "/a/../b", "a/./b", "a/.."])("%s is refused", async (folder) => {
    expect(refusal(await upload({ folder }))).toEqual(invalidFolder);
  });

  test("nests 50 levels deep", async () => {
    const deepest = "/d".repeat(50);
    expect(await folderOf(deepest)).toBe(deepest);
    expect(refusal(await upload({ folder: `${deepest}/d` }))).toEqual(invalidFolder);
  });

  test("has 255 bytes in UTF-8 at most", async () => {
    const longest = `${"é".repeat(127)}a`;
    expect(await folderOf(longest)).toBe(`/${longest}`);
    expect(refusal(await upload({ folder: `a${longest}` }))).toEqual(invalidFolder);
  });

  test("is the same in composed and decomposed Unicode", async () => {
    const fields = { fileName: "n.txt", useUniqueFileName: "false" };
    const composed = await upload({ ...fields, folder: "caf\u00e9" });
    const decomposed = await upload({ ...fields, folder: "cafe\u0301" });
    expect(decomposed.body).toMatchObject({ fileId: composed.body.fileId, filePath: "/caf\u00e9/n.txt" });
  });
});

describe("a path", () => {
  test("has 1,024 bytes in UTF-8 at most", async () => {
    const folder = `/${Array(4).fill("x".repeat(250)).join("/")}`;
    const fits = "n".repeat(1024 - folder.length - 1);
    const longest = await upload({ folder, fileName: fits, useUniqueFileName: "false" });
    expect(longest.body.filePath).toHaveLength(1024);
    expect(await textAt(longest.body.url)).toBe("text");
    const fields = { folder, fileName: `${fits}n`, useUniqueFileName: "false" };
    expect(refusal(await upload(fields))).toEqual(invalidName);
    expect(refusal(await upload({ folder: `/${Array(5).fill("x".repeat(250)).join("/")}` }))).toEqual(invalidFolder);
  });

  test("is raw text, and percent-encoded in the URL", async () => {
    const fields = { folder: "/été 1", fileName: "日本.txt", useUniqueFileName: "false" };
    const { body } = await upload(fields, "konnichiwa");
    expect(body.filePath).toBe("/été_1/日本.txt");
    expect(body.url).toBe(`${server.url}/demo/%C3%A9t%C3%A9_1/%E6%97%A5%E6%9C%AC.txt`);
    expect(await textAt(body.url)).toBe("konnichiwa");
  });
});
