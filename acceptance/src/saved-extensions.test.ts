import ImageKit from "@imagekit/nodejs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call, refusal } from "./harness/media-api.ts";
import { textPart, textParts } from "./harness/multipart.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { basic, post, uploadBasic } from "./harness/upload.ts";

let server: RunningServer;
/** The endpoint of one extension. */
let host: FileHost;
let imagekit: ImageKit;
beforeAll(async () => {
  host = await startFileHost((_request, response) =>
    response.writeHead(200, { "content-type": "application/json" }).end('{"AITags":[{"name":"Cat","confidence":90}]}'),
  );
  const secret = ["--extension-secret", "whsec_0123456789abcdefghijkl"];
  const endpoint = ["--extension", `aws-auto-tagging=${host.url}/`, ...secret];
  server = await startServer({ flags: ["--no-auto-tagging", ...endpoint] });
  imagekit = new ImageKit({ privateKey: keys.privateKey, baseURL: server.url, maxRetries: 0 });
});
afterAll(async () => {
  await server?.stop();
  await host?.close();
});

const path = "/v1/saved-extensions";
const api = (method: string, at: string, body?: unknown) => call(server.url, method, at, { body });
const tagging = { name: "google-auto-tagging", minConfidence: 50, maxTags: 3 } as const;
const saved = (change: object = {}) => ({ name: "Tags", description: "For cats", config: tagging, ...change });
const missing = [404, "The requested saved extension does not exist.", "SAVED_EXTENSION_NOT_FOUND"];

test("the SDK makes, lists, reads, changes and deletes them", async () => {
  const made = await imagekit.savedExtensions.create(saved());
  expect(made).toEqual({
    id: expect.stringMatching(/^ext_/),
    ...saved(),
    createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    updatedAt: made.createdAt,
  });
  const id = made.id ?? "";
  expect(await imagekit.savedExtensions.list()).toEqual([made]);
  expect(await imagekit.savedExtensions.get(id)).toEqual(made);
  const changed = await imagekit.savedExtensions.update(id, { config: { name: "remove-bg" } });
  expect(changed).toMatchObject({ name: "Tags", config: { name: "remove-bg" } });
  await imagekit.savedExtensions.delete(id);
  expect(refusal(await api("GET", `${path}/${id}`))).toEqual(missing);
});

test("a request names one by its id, and is told of it under the name of what it holds", async () => {
  const { body } = await api("POST", path, saved());
  const extensions = [{ name: "saved-extension", id: body.id }];
  const fields = { fileName: "a.txt", extensions: JSON.stringify(extensions) };
  const uploaded = (await uploadBasic(server.url, "text", fields)).body;
  expect(uploaded.extensionStatus).toEqual({ "google-auto-tagging": "failed" });
  const details = `/v1/files/${uploaded.fileId}/details`;
  expect((await api("PATCH", details, { extensions })).body.extensionStatus).toEqual(uploaded.extensionStatus);
  const twice = JSON.stringify([...extensions, tagging]);
  expect(refusal(await uploadBasic(server.url, "text", { ...fields, extensions: twice }))[2]).toBe("PARAMETER_INVALID");
  await api("DELETE", `${path}/${body.id}`);
  expect(refusal(await uploadBasic(server.url, "text", fields))).toEqual([
    400,
    "Failed to resolve some saved extensions",
    "SAVED_EXTENSIONS_UNRESOLVED",
  ]);
});

test("an operator's endpoint may be on a private address, and what requests and saved extensions name may not", async () => {
  const file = { fileName: "a.txt" };
  const asking = (extensions: unknown) =>
    uploadBasic(server.url, "text", { ...file, extensions: JSON.stringify(extensions) });
  const tagged = await asking([{ ...tagging, name: "aws-auto-tagging" }]);
  expect(tagged.body).toMatchObject({ extensionStatus: { "aws-auto-tagging": "success" }, AITags: [{ name: "Cat" }] });
  const inside = { name: "remove-bg", options: { bg_image_url: `${host.url}/` } };
  const { body } = await api("POST", path, saved({ config: inside }));
  const before = host.connections;
  for (const extension of [inside, { name: "saved-extension", id: body.id }]) {
    const answer = await asking([extension]);
    expect(refusal(answer)[2]).toBe("PARAMETER_INVALID");
    expect(answer.body.help).toContain("not public");
  }
  const remote = await post(server.url, [textPart("file", `${host.url}/`), ...textParts(file)], {
    authorization: basic,
  });
  expect(remote.status).toBe(400);
  expect(host.connections).toBe(before);
});

test.each([
  ["an option that is none", { ...tagging, maxTags: 31 }],
  ["an extension that nobody knows", { name: "dance" }],
  ["another saved one", { name: "saved-extension", id: "ext_000000000000000000000000" }],
  ["no object", "google-auto-tagging"],
  ["nothing", undefined],
])("a configuration with %s is refused", async (_what, config) => {
  const invalid = [400, "Invalid extension configuration.", "EXTENSION_CONFIG_INVALID"];
  expect(refusal(await api("POST", path, saved({ config })))).toEqual(invalid);
});

test("a name and a description are needed, and nothing else is taken", async () => {
  for (const [name, value] of [
    ["name", ""],
    ["description", " "],
    ["description", undefined],
    ["enabled", true],
  ] as const) {
    const [status, message] = refusal(await api("POST", path, saved({ [name]: value })));
    expect([status, message]).toEqual([400, `Your request contains invalid ${name} parameter.`]);
  }
});

test("an id of another shape is no id, and an unknown one is nowhere", async () => {
  const badId = [400, "Invalid saved extension ID.", "SAVED_EXTENSION_ID_INVALID"];
  for (const [method, body] of [["GET"], ["PATCH", {}], ["DELETE"]] as const) {
    expect(refusal(await api(method, `${path}/abc`, body))).toEqual(badId);
    expect(refusal(await api(method, `${path}/ext_000000000000000000000000`, body))).toEqual(missing);
  }
  expect((await call(server.url, "GET", path, { authorization: null })).status).toBe(401);
});
