import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deliver, textAt } from "./harness/deliver.ts";
import { call, refusal, unknownId } from "./harness/media-api.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

interface Version {
  readonly type: string;
  readonly fileId: string;
  readonly url: string;
  readonly size: number;
  readonly versionInfo: { readonly id: string; readonly name: string };
}

let server: RunningServer;
/** A file with three versions: "one", "two" and "three". */
let fileId: string;
let plainUrl: string;
let ids: string[];
let files = 0;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  const fileName = `${++files}.txt`;
  const answers = [];
  for (const content of ["one", "two", "three"]) answers.push(await upload(fileName, content));
  ids = answers.map(({ versionInfo }) => versionInfo.id);
  fileId = answers[0]?.fileId ?? "";
  plainUrl = answers[0]?.url ?? "";
});

async function upload(fileName: string, content: string): Promise<Version> {
  return (await uploadBasic(server.url, content, { fileName, useUniqueFileName: "false" })).body;
}

const api = (method: string, path: string) => call(server.url, method, path);
const list = async (): Promise<Version[]> => (await api("GET", `/v1/files/${fileId}/versions`)).body;
const names = async () => (await list()).map(({ versionInfo }) => versionInfo.name);
const pathOf = (number: number) => `/v1/files/${fileId}/versions/${ids[number - 1]}`;
const versionNotFound = [404, "The requested file version does not exist.", "FILE_VERSION_NOT_FOUND"];
const assetNotFound = [404, "The requested asset does not exist.", "ASSET_NOT_FOUND"];

test("the list has the current version first, then the others from the newest to the oldest", async () => {
  const versions = await list();
  expect(versions.map(({ type, versionInfo: { id, name } }) => [type, id, name])).toEqual([
    ["file", ids[2], "Version 3"],
    ["file-version", ids[1], "Version 2"],
    ["file-version", ids[0], "Version 1"],
  ]);
  expect(versions.map((version) => version.fileId)).toEqual([fileId, fileId, fileId]);
  expect(await Promise.all(versions.map(({ url }) => textAt(url)))).toEqual(["three", "two", "one"]);
});

test("the URL of the current version is the plain one, that of another names the version", async () => {
  const [current, older] = await list();
  expect(current?.url).toMatch(/^[^?]+\?updatedAt=\d+$/);
  expect(older?.url).toMatch(/^[^?]+\?ik-obj-version=[A-Za-z0-9_.-]+&updatedAt=\d+$/);
});

test("one version is what the list has of it, current or not", async () => {
  const versions = await list();
  for (const number of [1, 2, 3]) {
    const { status, body } = await api("GET", pathOf(number));
    expect(status).toBe(200);
    expect(body).toEqual(versions[3 - number]);
  }
});

describe("restoring", () => {
  test("makes a version current as it is, and the one before becomes an older one", async () => {
    const { status, body } = await api("PUT", `${pathOf(1)}/restore`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: "file", fileId, size: 3, versionInfo: { id: ids[0], name: "Version 1" } });
    expect((await api("GET", `/v1/files/${fileId}/details`)).body).toEqual(body);
    expect(await names()).toEqual(["Version 1", "Version 3", "Version 2"]);
    expect(await textAt(plainUrl)).toBe("one");
  });

  test("does not change the URLs of the other versions, and the version that was current has one now", async () => {
    const [, second] = await list();
    await api("PUT", `${pathOf(1)}/restore`);
    expect(await textAt(second?.url ?? "")).toBe("two");
    expect(await textAt((await list())[1]?.url ?? "")).toBe("three");
  });

  test("is followed by the next number", async () => {
    await api("PUT", `${pathOf(1)}/restore`);
    expect((await upload(`${files}.txt`, "four")).versionInfo.name).toBe("Version 4");
    expect(await names()).toEqual(["Version 4", "Version 3", "Version 2", "Version 1"]);
  });

  test("of the current version changes nothing", async () => {
    const before = await list();
    expect((await api("PUT", `${pathOf(3)}/restore`)).body).toEqual(before[0]);
    expect(await list()).toEqual(before);
  });
});

describe("deleting a version", () => {
  test("takes it alone, and its number is not given again", async () => {
    const [, second] = await list();
    const answer = await api("DELETE", pathOf(2));
    expect([answer.status, answer.body]).toEqual([204, ""]);
    expect(await names()).toEqual(["Version 3", "Version 1"]);
    expect((await deliver(second?.url ?? "")).status).toBe(404);
    expect(refusal(await api("GET", pathOf(2)))).toEqual(versionNotFound);
    expect((await upload(`${files}.txt`, "four")).versionInfo.name).toBe("Version 4");
  });

  test("does not take the current one", async () => {
    expect(refusal(await api("DELETE", pathOf(3)))).toEqual([
      400,
      "You cannot delete current version of a file.",
      "CURRENT_VERSION_NOT_DELETABLE",
    ]);
    expect(await names()).toHaveLength(3);
  });

  test("may take the first one, whose id is the file's", async () => {
    expect((await api("DELETE", pathOf(1))).status).toBe(204);
    expect((await api("GET", `/v1/files/${fileId}/details`)).body.fileId).toBe(fileId);
  });
});

describe("ids of versions", () => {
  test("that are malformed are refused by name", async () => {
    const invalid = (name: string) => [400, `Your request contains invalid ${name} parameter.`, "PARAMETER_INVALID"];
    for (const [method, suffix] of [
      ["GET", ""],
      ["DELETE", ""],
      ["PUT", "/restore"],
    ] as const) {
      const version = await api(method, `/v1/files/${fileId}/versions/x${suffix}`);
      expect(refusal(version)).toEqual(invalid("versionId"));
      const file = await api(method, `/v1/files/x/versions/${ids[0]}${suffix}`);
      expect(refusal(file)).toEqual(invalid("fileId"));
    }
  });

  test("that are unknown, or another file's, do not exist", async () => {
    const other = await upload("other.txt", "other");
    for (const path of [
      `/v1/files/${fileId}/versions/${unknownId}`,
      `/v1/files/${unknownId}/versions/${ids[0]}`,
      `/v1/files/${fileId}/versions/${other.versionInfo.id}`,
    ]) {
      expect(refusal(await api("GET", path))).toEqual(versionNotFound);
      expect(refusal(await api("PUT", `${path}/restore`))).toEqual(versionNotFound);
      expect(refusal(await api("DELETE", path))).toEqual(assetNotFound);
    }
  });
});
