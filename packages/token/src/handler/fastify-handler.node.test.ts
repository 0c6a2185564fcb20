import { connect } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { verifyUploadToken } from "../verify.ts";
import { toFastifyHandler } from "./fastify-handler.ts";
import { uploadTokenHandler } from "./upload-token-handler.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const uploadToken = uploadTokenHandler({
  keys,
  authorize: (request) => request.headers.get("Cookie")?.match(/session=(\w+)/)?.[1],
  policy: (user) => ({ allow: ["fileName"], force: { folder: `/users/${user}` } }),
  cors: { origins: ["https://app.example"] },
});
const url = "/upload-token";
const body = JSON.stringify({ uploadPayload: { fileName: "ä.jpg" } });

let app: FastifyInstance;
beforeEach(() => {
  app = fastify({ forceCloseConnections: true });
});
afterEach(() => app.close());

const post = (type: string, payload = body, cookie = "session=u7") =>
  app.inject({ method: "POST", url, payload, headers: { cookie, "content-type": type } });

test.each(["application/json", "text/plain;charset=UTF-8"])("a Fastify route mints for a body of %s", async (type) => {
  app.all(url, toFastifyHandler(uploadToken));
  const response = await post(type);
  expect(response.statusCode).toBe(200);
  expect(response.headers["cache-control"]).toBe("no-store");
  expect(response.headers["content-type"]).toBe("application/json");
  const { token, parameters } = response.json();
  expect(parameters).toEqual({ fileName: "ä.jpg", folder: "/users/u7" });
  const { claims } = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now: Date.now() / 1000 });
  expect(Object.fromEntries(claims)).toEqual(parameters);
});

test("the guide's page, whose JSON calls itself a form, needs a parser for that", async () => {
  const type = "application/x-www-form-urlencoded; charset=UTF-8";
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, text, done) => {
    done(null, text);
  });
  app.all(url, toFastifyHandler(uploadToken));
  expect((await post(type)).statusCode).toBe(200);
});

test("a parser that hands the stream on leaves the body to the handler", async () => {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
  app.all(url, toFastifyHandler(uploadToken));
  expect((await post("image/png")).statusCode).toBe(200);
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  const headers = { cookie: "session=u7", "content-type": "a/b" };
  const large = await fetch(`${address}${url}`, { method: "POST", headers, body: " ".repeat(500_000) });
  expect([large.status, (await large.json()).reason]).toEqual([413, "BODY_TOO_LARGE"]);
});

test("refusals and preflights are the handler's, through Fastify's hooks", async () => {
  app.addHook("onSend", (_request, reply, _payload, done) => {
    reply.header("x-hook", "seen");
    done();
  });
  app.all(url, toFastifyHandler(uploadToken));
  const anonymous = await post("application/json", body, "");
  expect([anonymous.statusCode, anonymous.json().reason]).toEqual([401, "NOT_AUTHORIZED"]);
  expect(anonymous.headers["x-hook"]).toBe("seen");
  const wrong = await app.inject({ method: "GET", url });
  expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, "POST, OPTIONS"]);
  const origin = "https://app.example";
  const preflight = await app.inject({
    method: "OPTIONS",
    url,
    headers: { origin, "access-control-request-method": "POST" },
  });
  expect([preflight.statusCode, preflight.headers["access-control-allow-origin"]]).toEqual([204, origin]);
});

test("several cookies stay several headers", async () => {
  const handler = async () => {
    const headers = new Headers();
    headers.append("Set-Cookie", "a=1");
    headers.append("Set-Cookie", "b=2");
    return new Response("ok", { headers });
  };
  app.all(url, toFastifyHandler(handler));
  expect((await app.inject({ method: "POST", url })).headers["set-cookie"]).toEqual(["a=1", "b=2"]);
});

test("a client that goes away aborts the request's signal", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
  const handler = async (request: Request) => {
    request.signal.addEventListener("abort", () => abort());
    arrive();
    await aborted;
    return new Response(null);
  };
  app.all(url, toFastifyHandler(handler));
  const { port } = new URL(await app.listen({ port: 0, host: "127.0.0.1" }));
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(`POST ${url} HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nab`);
  await arrived;
  socket.destroy();
  await aborted;
});
