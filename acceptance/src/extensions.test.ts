import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sluice } from "./harness/command.ts";
import { deliver } from "./harness/deliver.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { type FileHost, startFileHost } from "./harness/file-host.ts";
import { call } from "./harness/media-api.ts";
import { askOutcome } from "./harness/outcome.ts";
import { jpeg, png } from "./harness/samples.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { sign } from "./harness/sign.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const secret = "whsec_0123456789abcdefghijkl";
const endpointSecret = "whsec_of-the-accounts-own-endpoint";

interface Call {
  readonly body: { id: string; extension: string; options: object; file: { fileId: string }; content: { url: string } };
  readonly signed: boolean;
}

let server: RunningServer;
/** A host that runs the extensions, and that receives the events about their ends. */
let host: FileHost;
let calls: Call[];
/** The events received by the account's own endpoint. */
let events: {
  readonly type: string;
  readonly data: { readonly fileId: string; readonly versionInfo: { readonly name: string } };
}[];
let told: {
  readonly body: { service: string; status: string; [name: string]: unknown };
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
}[];
/** The requests that the endpoint of an effect received. */
let cuts: { readonly effect: string; readonly signed: boolean; readonly picture: { readonly width: number } }[];
/** The endpoint's next answer. */
let does: (call: Call, response: ServerResponse) => Promise<void> | void;

const json = (response: ServerResponse, body: unknown, status = 200) => {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
};

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

beforeAll(async () => {
  host = await startFileHost(async (request, response) => {
    const text = await read(request);
    const body = JSON.parse(text);
    if (request.url === "/events") {
      events.push(body);
      response.end();
      return;
    }
    if (request.url === "/hook") {
      told.push({ body, text, headers: request.headers });
      response.end();
      return;
    }
    if (request.url === "/cut") {
      cuts.push({ ...body, signed: isSignedWith(secret, { text, headers: request.headers }, body.id) });
      response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from(body.picture.content, "base64"));
      return;
    }
    const made = { body, signed: isSignedWith(secret, { text, headers: request.headers }, body.id) };
    calls.push(made);
    await does(made, response);
  });
  const names = ["google-auto-tagging", "remove-bg", "ai-auto-description", "ai-tasks", "moderation"];
  const endpoints = names.flatMap((name) => ["--extension", `${name}=${host.url}/do`]);
  server = await startServer({
    flags: [
      ...endpoints,
      "--ai-effect",
      `e-bgremove=${host.url}/cut`,
      "--extension-secret",
      secret,
      "--allow-private-networks",
      "--no-auto-tagging",
      "--webhook-url",
      `${host.url}/events`,
      "--webhook-secret",
      endpointSecret,
      "--limit",
      "extension-wait-seconds=5,uploads=1",
    ],
  });
});
afterAll(async () => {
  await server?.stop();
  await host?.close();
});
beforeEach(() => {
  calls = [];
  told = [];
  events = [];
  cuts = [];
  does = (_call, response) => json(response, {});
});

function isSignedWith(key: string, { text, headers }: Pick<(typeof told)[number], "text" | "headers">, id?: string) {
  const { "webhook-id": sent, "webhook-timestamp": time, "webhook-signature": signature } = headers;
  const expected = createHmac("sha256", key).update(`${sent}.${time}.${text}`).digest("base64");
  return signature?.toString().split(" ")[0] === `v1,${expected}` && (id === undefined || id === sent);
}

const api = (method: string, path: string, body?: unknown) => call(server.url, method, path, { body });
const details = async (fileId: string) => (await api("GET", `/v1/files/${fileId}/details`)).body;
const ended = (service: string) => expect.poll(() => told.find(({ body }) => body.service === service)?.body);

async function upload(extensions: unknown, fields: Record<string, string> = {}, file?: Buffer): Promise<Answer> {
  const content = file ?? Buffer.from(await png());
  const webhookUrl = `${host.url}/hook`;
  return uploadBasic(server.url, content, {
    fileName: "a.png",
    extensions: JSON.stringify(extensions),
    webhookUrl,
    ...fields,
  });
}

const tagging = { name: "google-auto-tagging", minConfidence: 50, maxTags: 2 };

describe("an extension whose result comes in time", () => {
  test("is a success in the answer, with what it found, and nobody else is told", async () => {
    does = (_call, response) =>
      json(response, {
        AITags: [
          { name: "Low", confidence: 1 },
          { name: "Cat", confidence: 60 },
          { name: "Dog", confidence: 90 },
        ],
      });
    const { body } = await upload([tagging]);
    const source = tagging.name;
    const AITags = [
      { name: "Dog", confidence: 90, source },
      { name: "Cat", confidence: 60, source },
    ];
    expect(body).toMatchObject({ extensionStatus: { "google-auto-tagging": "success" }, AITags });
    expect(await details(body.fileId)).toMatchObject({ AITags });
    expect(calls).toMatchObject([{ signed: true, body: { extension: source, options: { minConfidence: 50 } } }]);
    expect(told).toEqual([]);
  });

  test("goes the same way with a token, and when a file is changed", async () => {
    does = (_call, response) => json(response, { AITags: [{ name: "Cat", confidence: 60 }] });
    const fields = { fileName: "a.png", extensions: JSON.stringify([tagging]) };
    const token = mint(fields);
    const { body } = await uploadWithToken(server.url, Buffer.from(await png()), fields, token);
    expect(body.extensionStatus).toEqual({ "google-auto-tagging": "success" });
    does = (_call, response) => json(response, { AITags: [{ name: "Dog", confidence: 70 }] });
    const path = `/v1/files/${body.fileId}/details`;
    const patched = (await api("PATCH", path, { extensions: [tagging], tags: ["t"] })).body;
    expect(patched).toMatchObject({ tags: ["t"], extensionStatus: { "google-auto-tagging": "success" } });
    // A client that asks for the upload's outcome gets the original answer.
    expect((await askOutcome(server.url, token)).body).toEqual({ outcome: "stored", response: body });
    expect(patched.AITags).toEqual([{ name: "Dog", confidence: 70, source: tagging.name }]);
    expect((await api("PATCH", path, { removeAITags: ["Cat", "Dog"] })).body.AITags).toBeNull();
  });

  test("keeps no other upload waiting", async () => {
    const other = Promise.withResolvers<void>();
    does = async (_call, response) => {
      await other.promise;
      json(response, { AITags: [{ name: "Cat", confidence: 60 }] });
    };
    const tagged = upload([tagging]);
    await expect.poll(() => calls.length).toBe(1);
    expectStored(await uploadBasic(server.url, "text", { fileName: "a.txt" }));
    other.resolve();
    expect((await tagged).body.extensionStatus).toEqual({ "google-auto-tagging": "success" });
  });

  test("AI tags are kept by an upload over the file only where it asks for that", async () => {
    does = (_call, response) => json(response, { AITags: [{ name: "Cat", confidence: 60 }] });
    const fixed = { fileName: "kept.png", useUniqueFileName: "false" };
    const first = (await upload([tagging], fixed)).body;
    const kept = await uploadBasic(server.url, "one", { ...fixed, overwriteAITags: "false" });
    expect([kept.body.fileId, kept.body.AITags]).toEqual([first.fileId, first.AITags]);
    const cleared = await uploadBasic(server.url, "two", fixed);
    expect(cleared.body.AITags).toBeNull();
  });
});

describe("an extension that takes longer", () => {
  test("makes a new version of the file out of the bytes it fetches, a draft's as well, and says so", async () => {
    const made = await jpeg(3, 3);
    let fetched: Buffer | undefined;
    does = async ({ body }, response) => {
      fetched = Buffer.from(await (await fetch(body.content.url)).arrayBuffer());
      response.writeHead(200, { "content-type": "image/jpeg" }).end(made);
    };
    const original = Buffer.from(await png());
    const fields = { isPublished: "false", isPrivateFile: "true", tags: "kept" };
    const { body } = await upload([{ name: "remove-bg", options: { bg_color: "fff" } }], fields, original);
    expect(body.extensionStatus).toEqual({ "remove-bg": "pending" });
    await ended("remove-bg").toMatchObject({
      status: "SUCCESS",
      fileObject: {
        fileId: body.fileId,
        versionInfo: { name: "Version 2" },
        mime: "image/jpeg",
        size: made.length,
        tags: ["kept"],
      },
    });
    expect(fetched).toEqual(original);
    const versions = (await api("GET", `/v1/files/${body.fileId}/versions`)).body;
    expect(versions.map(({ size }: { size: number }) => size)).toEqual([made.length, original.length]);
    const changed = ["file.created Version 1", "file-version.created Version 2", "file.updated Version 2"];
    const ofFile = () => events.filter(({ data }) => data.fileId === body.fileId);
    await expect
      .poll(() => ofFile().map(({ type, data }) => `${type} ${data.versionInfo.name}`))
      .toEqual(expect.arrayContaining(changed));
    const link = calls[0]?.body.content.url ?? "";
    expect((await fetch(link)).status).toBe(404);
  });

  test("tells webhookUrl with a signature of the account's secret for that, and not of its endpoint's", async () => {
    does = (_call, response) => json(response, { message: "No subject found." }, 422);
    await upload([{ name: "remove-bg" }]);
    await ended("remove-bg").toBeDefined();
    const { stdout } = await sluice(["webhook", "secret", "demo", "--data-dir", server.dataDir]);
    const [, path = ""] = /^secret +in (\S+)\n$/.exec(stdout) ?? [];
    const own = (await readFile(path, "utf8")).trim();
    const [received] = told;
    if (received === undefined) throw new Error("nothing was received");
    const signed = [own, endpointSecret, secret].map((key) => isSignedWith(key, received));
    expect(signed).toEqual([true, false, false]);
  });

  test("that the endpoint refuses ends as a failure, in its words", async () => {
    does = (_call, response) => json(response, { message: "No subject found." }, 422);
    const { body } = await upload([{ name: "remove-bg" }]);
    await ended("remove-bg").toEqual({
      service: "remove-bg",
      status: "FAILURE",
      fileId: body.fileId,
      error: { reason: "PROVIDER_REFUSED", message: "No subject found." },
    });
  });

  test("tells of each extension by itself, whatever its name", async () => {
    does = ({ body }, response) =>
      json(response, body.extension === "moderation" ? { addTags: ["safe"] } : { description: "A square." });
    const { body } = await upload([{ name: "ai-auto-description" }, { name: "moderation", level: { strict: true } }]);
    expect(body.extensionStatus).toEqual({ "ai-auto-description": "pending", moderation: "pending" });
    await ended("ai-auto-description").toMatchObject({ status: "SUCCESS" });
    await ended("moderation").toMatchObject({ status: "SUCCESS" });
    expect(await details(body.fileId)).toMatchObject({ tags: ["safe"], description: "A square." });
    expect(calls.find((made) => made.body.extension === "moderation")?.body.options).toEqual({
      level: { strict: true },
    });
  });

  test("does what the answers to its tasks call for", async () => {
    const field = { name: "shade", label: "Shade", schema: { type: "SingleSelect", selectOptions: ["dark", "light"] } };
    expect((await api("POST", "/v1/customMetadataFields", field)).status).toBe(201);
    does = (_call, response) => json(response, { tasks: [{ selections: ["dark"] }, { answer: "yes" }] });
    const tasks = [
      { type: "select_metadata", instruction: "How bright?", field: "shade" },
      { type: "yes_no", instruction: "Is it a square?", on_yes: { add_tags: ["square"] } },
    ];
    const { body } = await upload([{ name: "ai-tasks", tasks }]);
    await ended("ai-tasks").toMatchObject({ status: "SUCCESS" });
    expect(await details(body.fileId)).toMatchObject({ tags: ["square"], customMetadata: { shade: "dark" } });
    expect(calls[0]?.body.options).toMatchObject({ tasks: [{ vocabulary: ["dark", "light"] }, {}] });
    const unknown = await upload([{ name: "ai-tasks", tasks: [{ ...tasks[0], field: "nothing" }] }]);
    expectRefusal(unknown, 400, "PARAMETER_INVALID");
  });
});

describe("what can't be done", () => {
  test("has failed where nobody is there to do it, and the upload is stored", async () => {
    const { status, body } = await upload([{ name: "aws-auto-tagging", minConfidence: 1, maxTags: 1 }]);
    expect([status, body.extensionStatus]).toEqual([200, { "aws-auto-tagging": "failed" }]);
  });

  test("no extensions are none", async () => {
    expect((await upload([])).body).not.toHaveProperty("extensionStatus");
  });

  test.each([
    ["no JSON", "[", "PARAMETER_INVALID"],
    ["a bad parameter", JSON.stringify([{ ...tagging, maxTags: 31 }]), "PARAMETER_INVALID"],
    ["the same twice", JSON.stringify([tagging, tagging]), "PARAMETER_INVALID"],
    ["an unknown name", '[{"name":"dance"}]', "EXTENSION_NAME_INVALID"],
    ["an unknown saved extension", '[{"name":"saved-extension","id":"ext_1"}]', "SAVED_EXTENSIONS_UNRESOLVED"],
  ])("%s is refused, naming extensions", async (_what, extensions, reason) => {
    const answer = await uploadBasic(server.url, "text", { fileName: "a.txt", folder: "/none", extensions });
    expectRefusal(answer, 400, reason);
    expect(answer.body.message + answer.body.help).toContain("extension");
    expect((await api("GET", "/v1/files?path=/none")).body).toEqual([]);
  });

  test("a link to the bytes is no good without its signature", async () => {
    const path = `${server.url}/_sluice/extensions/0123456789abcdef01234567/file`;
    expect((await fetch(path)).status).toBe(404);
    expect((await fetch(`${path}?expires=9999999999&signature=${"0".repeat(64)}`)).status).toBe(404);
  });
});

describe("an effect that a model does", () => {
  const pending = { "content-type": "text/html", "is-intermediate-response": "true", "cache-control": "no-store" };

  test("is being prepared until the endpoint has made it, once, for signed URLs", async () => {
    const { body } = await uploadBasic(server.url, Buffer.from(await png()), { fileName: "cut.png" });
    expect((await deliver(`${server.url}/demo/tr:w-8,e-bgremove${body.filePath}`)).status).toBe(401);
    const signed = (transformation: string) => {
      const address = `${server.url}/demo/tr:${transformation}${body.filePath}`;
      return sign(address, `${server.url}/demo/`, keys.privateKey);
    };
    const url = signed("w-8,e-bgremove");
    const first = await deliver(url);
    expect([first.status, first.bytes.toString()]).toEqual([200, "The asset is currently being prepared"]);
    expect(first.headers).toMatchObject(pending);
    await expect
      .poll(async () => (await deliver(url)).headers["content-type"], { timeout: 20_000 })
      .toMatch(/^image\//);
    expect(cuts).toMatchObject([{ effect: "e-bgremove", signed: true, picture: { width: 8 } }]);
    expect((await deliver(signed("e-upscale"))).headers["ik-error"]).toBe("EINVALID - AI transformation not available");
  });
});
