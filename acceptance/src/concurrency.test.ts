import { afterAll, beforeAll, expect, test } from "vitest";
import { textAt } from "./harness/deliver.ts";
import { call } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, uploadBasic, uploadWithToken } from "./harness/upload.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

type Fields = Readonly<Record<string, string>>;

/** Uploads `count` files at once, every second one with a token. */
function storeAtOnce(count: number, fields: Fields | ((index: number) => Fields)): Promise<Answer[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) => {
      const wanted = { useUniqueFileName: "false", ...(typeof fields === "function" ? fields(index) : fields) };
      return index % 2 === 0
        ? uploadBasic(server.url, `content ${index}`, wanted)
        : uploadWithToken(server.url, `content ${index}`, wanted);
    }),
  );
}

const numberOf = ({ body }: Answer) => Number(/^Version (\d+)$/.exec(body.versionInfo.name)?.[1]);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const versionsOf = async (fileId: string): Promise<{ url: string; versionInfo: { id: string; name: string } }[]> =>
  (await call(server.url, "GET", `/v1/files/${fileId}/versions`)).body;

test("uploads to one name at once become distinct, consecutive versions, and none is lost", async () => {
  const answers = await storeAtOnce(40, { fileName: "one.txt", folder: "/new" });
  expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
  expect(new Set(answers.map(({ body }) => body.fileId)).size).toBe(1);
  expect(answers.map(numberOf).sort((a, b) => a - b)).toEqual(upTo(40));
  const [first] = answers;
  const versions = await versionsOf(first?.body.fileId);
  expect(versions.map(({ versionInfo }) => versionInfo.name)).toEqual(
    upTo(40)
      .reverse()
      .map((number) => `Version ${number}`),
  );
  for (const [index, { body }] of answers.entries()) {
    const stored = versions.find(({ versionInfo }) => versionInfo.id === body.versionInfo.id);
    expect(await textAt(stored?.url ?? "")).toBe(`content ${index}`);
  }
});

test("of uploads to one free name at once that must not overwrite, exactly one is taken", async () => {
  const answers = await storeAtOnce(20, { fileName: "free.txt", overwriteFile: "false" });
  const [taken, ...more] = answers.filter(({ status }) => status === 200);
  expect(more).toEqual([]);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(refused.map(({ status, body }) => [status, body.reason])).toEqual(
    Array(19).fill([400, "FILE_ALREADY_EXISTS"]),
  );
  const index = answers.findIndex(({ status }) => status === 200);
  expect(await textAt(taken?.body.url)).toBe(`content ${index}`);
  expect(await versionsOf(taken?.body.fileId)).toHaveLength(1);
});

test("the 100-version limit holds when the last versions come at once", async () => {
  const fields = { fileName: "full.txt" };
  const begun = await storeAtOnce(94, fields);
  expect(begun.every(({ status }) => status === 200)).toBe(true);
  const answers = await storeAtOnce(12, fields);
  const stored = answers.filter(({ status }) => status === 200);
  expect(stored.map(numberOf).sort((a, b) => a - b)).toEqual([95, 96, 97, 98, 99, 100]);
  const refused = answers.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body.reason]);
  expect(refused).toEqual(Array(6).fill([400, "VERSION_LIMIT_EXCEEDED"]));
  expect(await versionsOf(stored[0]?.body.fileId)).toHaveLength(100);
});

test("uploads into one new folder at once all arrive there", async () => {
  const answers = await storeAtOnce(16, (index) => ({ fileName: `${index}.txt`, folder: "/a/b/c" }));
  expect(answers.map(({ body }) => body.filePath)).toEqual(answers.map((_, index) => `/a/b/c/${index}.txt`));
  const listed = await call(server.url, "GET", "/v1/files?path=/a/b/c");
  expect(listed.body).toHaveLength(16);
});

test("uploads of the same bytes at once are files of their own", async () => {
  const answers = await Promise.all(
    upTo(16).map((number) =>
      uploadBasic(server.url, "the same", { fileName: `same-${number}.txt`, useUniqueFileName: "false" }),
    ),
  );
  expect(new Set(answers.map(({ body }) => body.fileId)).size).toBe(16);
  const [first, ...others] = answers;
  await call(server.url, "DELETE", `/v1/files/${first?.body.fileId}`);
  expect(await textAt(first?.body.url)).toBe("status 404");
  for (const { body } of others) expect(await textAt(body.url)).toBe("the same");
});
