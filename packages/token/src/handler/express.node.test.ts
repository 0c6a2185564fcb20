import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import express, { type Express } from "express";
import { afterEach, expect, test } from "vitest";
import { verifyUploadToken } from "../verify.ts";
import { toNodeListener } from "./node-listener.ts";
import { uploadTokenHandler } from "./upload-token-handler.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const uploadToken = toNodeListener(
  uploadTokenHandler({
    keys,
    authorize: (request) => request.headers.get("Cookie")?.match(/session=(\w+)/)?.[1],
    policy: (user) => ({ allow: ["fileName", "description"], force: { folder: `/users/${user}` } }),
  }),
);
const body = JSON.stringify({ uploadPayload: { fileName: "ä.jpg", description: "a&b=c" } });

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => server?.close(resolve));
});

async function start(app: Express): Promise<(init: RequestInit) => Promise<Response>> {
  server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return (init) => fetch(`http://127.0.0.1:${port}/upload-token`, init);
}

test.each([
  ["no parser", "application/json", []],
  ["express.json()", "application/json", [express.json()]],
  ["express.json() before a page that names no type", "text/plain;charset=UTF-8", [express.json()]],
  ["express.text()", "text/plain;charset=UTF-8", [express.text()]],
  ["express.raw()", "application/json", [express.raw({ type: "*/*" })]],
  ["both parsers of most applications", "application/json", [express.json(), express.urlencoded({ extended: true })]],
])("an Express route mints by its policy behind %s", async (_, type, parsers) => {
  const app = express();
  for (const parser of parsers) app.use(parser);
  app.all("/upload-token", uploadToken);
  const ask = await start(app);
  const response = await ask({ method: "POST", body, headers: { Cookie: "session=u7", "Content-Type": type } });
  expect(response.status).toBe(200);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  const { token, parameters } = await response.json();
  expect(parameters).toEqual({ fileName: "ä.jpg", description: "a&b=c", folder: "/users/u7" });
  const { claims } = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now: Date.now() / 1000 });
  expect(Object.fromEntries(claims)).toEqual(parameters);
});

test("behind a parser that leaves an empty object beside an unread body, as Express 4 does, the body is read", async () => {
  const app = express();
  app.use((request, _response, next) => {
    request.body = {};
    next();
  });
  app.all("/upload-token", uploadToken);
  const ask = await start(app);
  expect((await ask({ method: "POST", body, headers: { Cookie: "session=u7" } })).status).toBe(200);
});

test("refusals are those of the handler, whoever has read the body", async () => {
  const app = express();
  app.use(express.json({ strict: false }));
  app.all("/upload-token", uploadToken);
  const ask = await start(app);
  const headers = { Cookie: "session=u7", "Content-Type": "application/json" };
  const outcome = async (init: RequestInit) => {
    const response = await ask(init);
    return [response.status, (await response.json()).reason];
  };
  expect(await outcome({ method: "POST", body })).toEqual([401, "NOT_AUTHORIZED"]);
  expect(await outcome({ method: "POST", body: "null", headers })).toEqual([400, "BODY_INVALID"]);
  expect(await outcome({ method: "POST", body: '{"uploadPayload":7}', headers })).toEqual([
    400,
    "UPLOAD_PAYLOAD_INVALID",
  ]);
  expect(await outcome({})).toEqual([405, "METHOD_NOT_ALLOWED"]);
});

test("a handler that is mounted sees the whole URL", async () => {
  const app = express();
  app.use(
    "/upload-token",
    toNodeListener(async (request) => new Response(new URL(request.url).pathname)),
  );
  const ask = await start(app);
  expect(await (await ask({})).text()).toBe("/upload-token");
});
