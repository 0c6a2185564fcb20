import { ErrorBody, ExtensionEnd, type Operation, operations, webhookEvents } from "@sluice/protocol/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signInToConsole } from "./harness/console.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call, unknownId } from "./harness/media-api.ts";
import { askOutcome } from "./harness/outcome.ts";
import { RecordedExamples } from "./harness/reference/recorded-examples.ts";
import { jpeg, photograph } from "./harness/samples.ts";
import { expectShape } from "./harness/schemas.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./harness/webhook-receiver.ts";

type Name = keyof typeof operations;

/** The schema of an object, or of one of several objects. */
interface Described {
  readonly properties?: object;
  readonly anyOf?: readonly Described[];
}

let server: RunningServer;
let receiver: WebhookReceiver;
/** A host that runs one extension and refuses the other. */
let provider: FileHost;
const answered = new Set<string>();
const examples = new RecordedExamples();

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  provider = await startFileHost((request, response) => {
    const [status, answer] = request.url === "/does" ? [200, { description: "A cat" }] : [422, { message: "No." }];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  server = await startServer({
    flags: [
      ...["--webhook-url", `${receiver.url}/account`, "--webhook-secret", "whsec_c2VjcmV0LWZvci10ZXN0cw=="],
      ...["--extension", `does=${provider.url}/does`, "--extension", `refuses=${provider.url}/refuses`],
      ...["--extension-secret", "whsec_0123456789abcdefghijkl"],
      ...["--allow-private-networks", "--no-auto-tagging", "--trash-days", "7", "--ffmpeg", "off"],
    ],
  });
});
afterAll(async () => {
  await server?.stop();
  await receiver?.close();
  await provider?.close();
});

/** Checks the answer against the operation's schema for this status. @returns the answer's body */
function hold(name: Name, { status, body }: Pick<Answer, "status" | "body">, request?: unknown) {
  const { id, answers }: Operation = operations[name];
  const schema = answers[status];
  if (schema === undefined) throw new Error(`${name} answered ${status}: ${JSON.stringify(body)}`);
  if (schema === null) expect(body, name).toBe("");
  else expectShape(schema, body, name);
  answered.add(name);
  const isJson = schema !== null && !("contentMediaType" in schema);
  if (isJson || request !== undefined) examples.keep(id, status, isJson ? body : "", request);
  return body;
}

interface Sent {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
  /** Sent in place of the private key. */
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(name: Name, { path: parameters = {}, query = "", body, headers }: Sent = {}) {
  const { method, path, body: schema }: Operation = operations[name];
  if (schema !== undefined) expectShape(schema, body, `the body of ${name}`);
  const place = path.replaceAll(/:(\w+)/g, (_, parameter: string) => parameters[parameter] ?? "");
  const asked = headers === undefined ? { body } : { body, headers, authorization: null };
  return hold(name, await call(server.url, method, place + query, asked), body);
}

/** Waits for a job's end, so that its example is the same in each run. */
async function isCompleted(name: Name, parameters: Readonly<Record<string, string>>): Promise<void> {
  const path = operations[name].path.replace(/:(\w+)/, (_, parameter: string) => parameters[parameter] ?? "");
  await expect.poll(async () => (await call(server.url, "GET", path)).body.status).toBe("Completed");
}

/** The form of the reference's example, with the types of its schema. The code samples send it to a new server. */
const shownForm = {
  fileName: "balloon.jpg",
  useUniqueFileName: false,
  tags: ["red", "balloon"],
  description: "A red balloon",
  responseFields: ["tags", "metadata"],
};
const sentForm = Object.fromEntries(Object.entries(shownForm).map(([name, value]) => [name, String(value)]));

const everyField = "tags,customCoordinates,isPrivateFile,isPublished,embeddedMetadata,customMetadata,metadata";
const fields = {
  fileName: "balloon.jpg",
  tags: "red,balloon",
  customCoordinates: "0,0,1,1",
  description: "A red balloon",
  customMetadata: '{"place":"Rome"}',
  responseFields: `${everyField},selectedFieldsSchema`,
};

describe("what the server answers has the shape that the protocol's schemas describe:", () => {
  test("fields of custom metadata", async () => {
    const schema = { type: "Text", defaultValue: "", isValueRequired: false, minLength: 0, maxLength: 9 };
    const place = await ask("createCustomField", {
      body: { name: "place", label: "Place", description: "Where it was taken", schema },
    });
    await ask("changeCustomField", { path: place, body: { label: "Where" } });
    const sizes = { type: "MultiSelect", selectOptions: ["S", 1, true], defaultValue: ["S"], isValueRequired: true };
    const size = await ask("createCustomField", { body: { name: "size", label: "Size", schema: sizes } });
    const limits = { type: "Date", minValue: "2026-01-01T00:00:00.000Z", maxValue: "2027-01-01T00:00:00.000Z" };
    await ask("createCustomField", { body: { name: "day", label: "Day", schema: limits } });
    await ask("deleteCustomField", { path: size });
    await ask("listCustomFields", { query: "?includeDeleted=true&folderPath=/" });
  });

  test("uploads and their outcomes", async () => {
    const file = "‹the file's bytes›";
    hold("upload", await uploadBasic(server.url, await photograph(6), sentForm), { file, ...shownForm });
    const full = await uploadWithToken(server.url, await photograph(6), fields);
    expect(Object.keys(hold("upload", full))).toEqual(expect.arrayContaining(fields.responseFields.split(",")));
    const token = mint({ fileName: "b.txt" });
    hold("upload", await uploadWithToken(server.url, "text", { fileName: "b.txt" }, token));
    const simple = { fileName: "balloon.jpg", useUniqueFileName: false };
    const sentV1 = { fileName: "balloon.jpg", useUniqueFileName: "false" };
    hold("uploadV1", await uploadBasic(server.url, await jpeg(), sentV1, { version: 1 }), { file, ...simple });
    hold("askUploadOutcome", await askOutcome(server.url, token), { token });
    hold("askUploadOutcome", await askOutcome(server.url, mint({ fileName: "never.txt" })));
  });

  test("resumable uploads", async () => {
    const send = async (method: string, url: string, headers: Record<string, string> = {}, body?: string) => {
      const type = body === undefined ? {} : { "content-type": "application/offset+octet-stream" };
      const sent = { method, headers: { "tus-resumable": "1.0.0", ...type, ...headers } };
      const answer = await fetch(url, body === undefined ? sent : { ...sent, body });
      const text = await answer.text();
      return { status: answer.status, body: text.startsWith("{") ? JSON.parse(text) : text, headers: answer.headers };
    };
    const create = async () => {
      const metadata = `fileName ${btoa("pieces.txt")},token ${btoa(mint({ fileName: "pieces.txt" }))}`;
      const headers = { "upload-length": "10", "upload-metadata": metadata };
      const created = await send("POST", server.url + operations.createResumableUpload.path, headers);
      hold("createResumableUpload", created);
      return created.headers.get("location") ?? "";
    };
    const url = await create();
    hold("sendPiece", await send("PATCH", url, { "upload-offset": "0" }, "hello"));
    hold("getResumableUpload", await send("GET", url));
    const last = { "upload-offset": "5", "x-http-method-override": "PATCH" };
    hold("callResumableUpload", await send("POST", url, last, "world"));
    hold("getResumableUpload", await send("GET", url));
    hold("deleteResumableUpload", await send("DELETE", url));
  });

  test("files, their versions and metadata", async () => {
    const upload = async (width: number) => {
      const same = { ...fields, fileName: "versions.jpg", useUniqueFileName: "false" };
      return hold("upload", await uploadBasic(server.url, await jpeg(width, 4), same));
    };
    const { fileId, versionInfo, url } = await upload(6);
    const path = { fileId, versionId: versionInfo.id };
    await upload(7);
    await ask("listFiles", { query: "?sort=DESC_NAME&fileType=image&limit=10&skip=0&type=file&path=/" });
    await ask("listFiles", { query: "?type=all&sort=DESC_SIZE" });
    await ask("listMarks", { query: "?path=/&sort=ASC_NAME" });
    await ask("getFile", { path });
    const zip = await ask("createZipDownload", { body: { fileIds: [path.fileId] } });
    await ask("downloadZip", { query: new URL(zip.url).search });
    await ask("getFileMetadata", { path });
    await ask("getUrlMetadata", { query: `?url=${encodeURIComponent(url)}` });
    await ask("listVersions", { path });
    await ask("getVersion", { path });
    await ask("changeFile", { path, body: { tags: ["red"], description: "A red balloon" } });
    const extensions = [{ name: "remove-bg" }];
    await ask("changeFile", { path, body: { tags: null, description: "New", removeAITags: "all", extensions } });
    await ask("changeFile", { path, body: { publish: { isPublished: false, includeFileVersions: true } } });
    const [{ versionInfo: newest }] = await ask("listVersions", { path });
    await ask("restoreVersion", { path });
    await ask("deleteVersion", { path: { fileId, versionId: newest.id } });
    await ask("deleteFile", { path });
  });

  test("files that are copied, moved, renamed, tagged and deleted", async () => {
    const full = await uploadBasic(server.url, "text", { fileName: "full.txt", tags: "f".repeat(499) });
    const { fileId } = hold("upload", await uploadBasic(server.url, await jpeg(), sentForm));
    const copied = { sourceFilePath: "/balloon.jpg", destinationPath: "/copies", includeFileVersions: true };
    await ask("copyFile", { body: copied });
    await ask("moveFile", { body: { sourceFilePath: "/copies/balloon.jpg", destinationPath: "/moved" } });
    await ask("renameFile", { body: { filePath: "/moved/balloon.jpg", newFileName: "red.jpg", purgeCache: true } });
    const fileIds = [fileId];
    await ask("addTags", { body: { fileIds, tags: ["ab"] } });
    await ask("addTags", { body: { fileIds: [...fileIds, hold("upload", full).fileId], tags: ["ab"] } });
    await ask("removeTags", { body: { fileIds, tags: ["ab"] } });
    await ask("removeAITags", { body: { fileIds, AITags: ["ab"] } });
    await ask("deleteFiles", { body: { fileIds } });
  });

  test("folders and their jobs", async () => {
    await ask("createFolder", { body: { folderName: "old", parentFolderPath: "/folders" } });
    await ask("createFolder", { body: { folderName: "into", parentFolderPath: "/folders" } });
    const places = { sourceFolderPath: "/folders/old", destinationPath: "/folders/into" };
    await ask("copyFolder", { body: { ...places, includeVersions: true } });
    await ask("renameFolder", { body: { folderPath: "/folders/old", newFolderName: "new", purgeCache: true } });
    const moved = await ask("moveFolder", { body: { ...places, sourceFolderPath: "/folders/new" } });
    await isCompleted("getBulkJob", moved);
    await ask("getBulkJob", { path: moved });
    await ask("deleteFolder", { body: { folderPath: "/folders" } });
  });

  test("the trash", async () => {
    const upload = async () => {
      const fields = { fileName: "trashed.jpg", useUniqueFileName: "false" };
      const path = hold("upload", await uploadBasic(server.url, await jpeg(), fields));
      await ask("deleteFile", { path });
      return path.fileId;
    };
    const [first, second] = [await upload(), await upload()];
    await ask("listTrash", { query: "?limit=1" });
    await ask("getTrashedThumbnail", { path: { fileId: first } });
    await ask("restoreFromTrash", { body: { fileIds: [first] } });
    await ask("restoreFromTrash", { body: { fileIds: [second, unknownId] } });
    await ask("deleteFile", { path: { fileId: first } });
    await ask("emptyTrash", { body: { fileIds: [first] } });
    await ask("emptyTrash", { body: { all: true } });
  });

  test("named transformations, saved extensions, purges and health", async () => {
    const named = await ask("createNamedTransformation", { body: { name: "small", transformation: "w-9" } });
    await ask("getNamedTransformation", { path: named });
    await ask("changeNamedTransformation", { path: named, body: { enabled: false } });
    await ask("listNamedTransformations");
    await ask("deleteNamedTransformation", { path: named });
    const config = { name: "remove-bg", options: { add_shadow: true } };
    const cutout = { name: "Cutout", description: "The background is removed", config };
    const saved = await ask("createSavedExtension", { body: cutout });
    await ask("getSavedExtension", { path: saved });
    await ask("changeSavedExtension", { path: saved, body: { description: "With a shadow" } });
    await ask("listSavedExtensions");
    await ask("deleteSavedExtension", { path: saved });
    const origin = { type: "WEB_FOLDER", name: "Web", baseUrl: "https://www.example.com/" };
    const stored = await ask("createOrigin", { body: origin });
    await ask("getOrigin", { path: stored });
    await ask("replaceOrigin", {
      path: stored,
      body: { type: "WEB_PROXY", name: "Proxy", allowedHosts: ["a.example"] },
    });
    await ask("listOrigins");
    await ask("deleteOrigin", { path: stored });
    const endpoint = { description: "Shop", urlPrefix: "shop", urlRewriter: { type: "CLOUDINARY" } };
    const made = await ask("createUrlEndpoint", { body: endpoint });
    await ask("getUrlEndpoint", { path: made });
    await ask("replaceUrlEndpoint", { path: made, body: { ...endpoint, urlRewriter: { type: "IMGIX" } } });
    await ask("listUrlEndpoints");
    await ask("deleteUrlEndpoint", { path: made });
    const purge = await ask("purgeFiles", { body: { url: `${server.url}/demo/balloon.jpg*` } });
    await isCompleted("getPurgeStatus", purge);
    await ask("getPurgeStatus", { path: purge });
    const days = "?startDate=2026-01-01&endDate=2026-01-31";
    await ask("getUsage", { query: days });
    await ask("getUsageAnalytics", { query: days });
    await ask("getDailyUsage", { query: "?startDate=2026-01-01&endDate=2026-01-02" });
    const pair = await ask("createKeyPair", { body: { role: "upload", mayOverwrite: true } });
    await ask("listKeyPairs");
    const next = await ask("rotateKeyPair", { path: pair, body: { graceHours: 1 } });
    await ask("revokeKeyPair", { path: next });
    const token = mint({ fileName: "balloon.jpg", folder: "/party" });
    const form = [
      { name: "fileName", value: "balloon.jpg" },
      { name: "folder", value: "party" },
    ];
    await ask("checkToken", { body: { token, form } });
    await uploadWithToken(server.url, "text", { fileName: "balloon.jpg" }, token);
    await ask("listRefusals", { query: "?reason=PAYLOAD_MISMATCH" });
    const elsewhere = { url: "https://app.example/hooks", events: ["file.created", "file.deleted"] };
    await ask("deleteWebhookEndpoint", { path: await ask("createWebhookEndpoint", { body: elsewhere }) });
    const hook = { url: `${receiver.url}/added`, events: ["file.created", "file.deleted"] };
    const added = await ask("createWebhookEndpoint", { body: hook });
    await ask("changeWebhookEndpoint", { path: added, body: { events: ["file.created"] } });
    await ask("listWebhookEndpoints");
    await ask("testWebhookEndpoint", { path: added });
    const { attempts } = await ask("listWebhookAttempts", { query: `?endpointId=${added.id}` });
    await ask("getWebhookAttempt", { path: attempts[0] });
    const happened = receiver.at("/account").find(({ event }) => event.type === "file.created");
    await ask("replayWebhookEvent", { path: added, body: { eventId: happened?.event.id } });
    await ask("deleteWebhookEndpoint", { path: added });
    await ask("listJobs", { query: "?state=running&name=empty-trash" });
    await ask("countJobs");
    await ask("retryJobs", { body: { name: "deliver-webhook" } });
    await ask("getDeliverySwitches");
    await ask("changeDeliverySwitches", { body: { quality: 75, referrers: ["*.example.com"] } });
    await ask("changeDeliverySwitches", { body: { quality: null, referrers: null } });
    await ask("getHealth");
    await ask("getLiveness");
    await ask("getHealthReport");
    await ask("sweepContents", { body: {} });
    await ask("getMetrics");
  });

  test("tags, previews and signed URLs", async () => {
    const fields = { fileName: "meadow.jpg", tags: "meadow,summer" };
    const { fileId, versionInfo } = hold("upload", await uploadBasic(server.url, await jpeg(), fields));
    await ask("listTags", { query: "?beginning=me" });
    await ask("makePreviews", { body: { versionIds: [versionInfo.id] } });
    await ask("makePreviews", { body: { versionIds: [versionInfo.id, unknownId] } });
    await ask("signUrls", { body: { fileId, transformations: ["", "w-300"], expireSeconds: 3600 } });
  });

  test("sessions of the console", async () => {
    const { headers, ...signedIn } = await signInToConsole(server.url);
    hold("signInToConsole", signedIn, { publicKey: "public_demo", privateKey: "private_demo" });
    await ask("getConsoleSession", { headers });
    await ask("mintConsoleToken", { headers, body: { uploadPayload: { fileName: "a.jpg" }, expire: 60 } });
    await ask("listConsoleSessions", { headers });
    await ask("signOutOfConsole", { headers });
    await ask("endConsoleSession", { path: (await signInToConsole(server.url)).body.session });
  });

  test("and no operation was left out", () => {
    expect(Object.keys(operations).filter((name) => !answered.has(name))).toEqual([]);
  });

  test("refusals", async () => {
    const wrongField = { name: "", label: "", schema: { type: "Text" } };
    const refusals = [
      await call(server.url, "GET", "/v1/files", { authorization: null }),
      await call(server.url, "GET", `/v1/files/${unknownId}/details`),
      await call(server.url, "POST", "/v1/customMetadataFields", { body: wrongField }),
      await call(server.url, "POST", "/v1/files/copy", { body: {} }),
      await call(server.url, "GET", "/nowhere"),
      await uploadBasic(server.url, "text", {}),
      await uploadWithToken(server.url, "text", { fileName: "a.txt" }, "no-token"),
      await askOutcome(server.url, "no-token"),
    ];
    for (const { status, body } of refusals) {
      expect(status).toBeGreaterThanOrEqual(400);
      expectShape(ErrorBody, body, String(status));
    }
    const [, unknownFile, wrongSchema, noPlaces, , noName, badToken] = refusals;
    const shown = { getFile: unknownFile, createCustomField: wrongSchema, copyFile: noPlaces, uploadV1: noName };
    for (const [name, answer] of Object.entries({ ...shown, upload: badToken })) {
      if (answer !== undefined) examples.keep(operations[name as Name].id, answer.status, answer.body);
    }
  });
});

const withQuery = ["listFiles", "getUrlMetadata", "listCustomFields", "listTrash"] as const satisfies Name[];
const withBody = [
  "addTags",
  "changeFile",
  "copyFile",
  "createNamedTransformation",
  "createSavedExtension",
  "createUrlEndpoint",
  "deleteFiles",
  "emptyTrash",
  "moveFile",
  "purgeFiles",
  "removeAITags",
  "renameFile",
  "restoreFromTrash",
] as const satisfies Name[];

describe("a member that no schema names is refused, and the refusal lists those that do:", () => {
  const listed = ({ body: { help } }: Answer) => /only (.*)\.$/.exec(help)?.[1]?.split(", ").sort();
  const named = ({ properties, anyOf = [] }: Described): string[] =>
    [...Object.keys(properties ?? {}), ...anyOf.flatMap(named)].sort();

  test.each(withQuery)("%s", async (name) => {
    const { path, query: schema } = operations[name];
    expect(listed(await call(server.url, "GET", `${path}?nonsense=1`))).toEqual(named(schema));
  });

  test.each(withBody)("%s", async (name) => {
    const { method, path, body: schema } = operations[name];
    const answer = await call(server.url, method, path.replace(":fileId", unknownId), { body: { nonsense: 1 } });
    expect(listed(answer)).toEqual(named(schema));
  });
});

test("what an account's webhooks were told so far, and of transformations, has the shape of its type", async () => {
  const post = ["w-5", "w-65000,h-65000"].map((value) => ({ type: "transformation", value }));
  const transformation = JSON.stringify({ pre: "w-9", post });
  hold("upload", await uploadBasic(server.url, await jpeg(), { fileName: "pre.jpg", transformation }));
  const told = () => receiver.at("/account").map(({ event }) => event);
  // Videos are told of in videos.test.ts.
  const sent = Object.keys(webhookEvents).filter((type) => !/^video\.|^upload\.pre-transform\.error$/.test(type));
  await expect.poll(() => [...new Set(told().map(({ type }) => type))].sort()).toEqual(sent.sort());
  for (const event of told()) expectShape(webhookEvents[event.type as keyof typeof webhookEvents], event, event.type);
  // Events of one moment come in any order.
  const place = ({ type, created_at }: { type: string; created_at: string }) => `${type} ${created_at}`;
  const inOrder = told().sort((one, other) => (place(one) < place(other) ? -1 : 1));
  for (const event of inOrder) examples.keep(event.type.replaceAll(".", "-"), 200, "", event);
});

test("what a request's webhookUrl is told of extensions that have ended has the shape of its schema", async () => {
  const extensions = JSON.stringify([{ name: "does" }, { name: "refuses" }]);
  const asked = { fileName: "extended.jpg", extensions, webhookUrl: `${receiver.url}/request` };
  expect(hold("upload", await uploadBasic(server.url, await jpeg(), asked)).extensionStatus).toEqual({
    does: "pending",
    refuses: "pending",
  });
  await expect.poll(() => receiver.at("/request").length).toBe(2);
  for (const { event } of receiver.at("/request")) expectShape(ExtensionEnd, event, event.service);
  const ended = receiver.at("/request").find(({ event }) => event.status === "SUCCESS");
  examples.keep("extension-ended", 200, "", ended?.event);
});

test.skipIf(process.env.SLUICE_TEST_PAIR ?? process.env.SLUICE_WORKERS)(
  "the examples of the API's reference are what this server has answered here",
  () => examples.expectCommitted(),
);
