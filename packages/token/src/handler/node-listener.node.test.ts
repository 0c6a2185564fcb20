import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { verifyUploadToken } from "../verify.ts";
import { toNodeListener } from "./node-listener.ts";
import { type FetchHandler, uploadTokenHandler } from "./upload-token-handler.ts";

const keys = { publicKey: "public_test", privateKey: "private_test" };
const good = JSON.stringify({ uploadPayload: { fileName: "a.jpg" }, expire: 60, publicKey: "public_test" });
const cleanUps: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) {
    await cleanUp();
  }
});

async function serve(handler: FetchHandler): Promise<{ url: string; port: number }> {
  const server = createServer(toNodeListener(handler));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/upload-token` };
}

describe("the token route on node:http", () => {
  const handler = uploadTokenHandler({
    keys,
    authorize: (request) => request.headers.get("Authorization") === "Session 7" && { id: 7 },
    policy: (user) => ({ allow: ["fileName"], force: { folder: `/users/${user.id}/`, useUniqueFileName: true } }),
    cors: { origins: ["https://app.example"] },
  });
  const signedIn = { Authorization: "Session 7" };

  test("mints for a signed-in user into that user's folder", async () => {
    const { url } = await serve(handler);
    const response = await fetch(url, { method: "POST", headers: signedIn, body: good });
    const { token, parameters } = await response.json();
    expect(parameters).toEqual({ fileName: "a.jpg", folder: "/users/7/", useUniqueFileName: "true" });
    const now = Date.now() / 1000;
    const { claims } = await verifyUploadToken(token, { findPrivateKey: () => keys.privateKey, now });
    expect(Object.fromEntries(claims)).toEqual(parameters);
  });

  test("answers refusals, preflights and other methods over one connection", async () => {
    const { url } = await serve(handler);
    const anonymous = await fetch(url, { method: "POST", body: good });
    expect([anonymous.status, (await anonymous.json()).reason]).toEqual([401, "NOT_AUTHORIZED"]);
    const origin = { Origin: "https://app.example" };
    const preflight = await fetch(url, {
      method: "OPTIONS",
      headers: { ...origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-a,x-b" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toBe("x-a,x-b");
    const wrong = await fetch(url, { headers: origin });
    expect([wrong.status, wrong.headers.get("Allow")]).toEqual([405, "POST, OPTIONS"]);
    expect(wrong.headers.get("Access-Control-Allow-Origin")).toBe("https://app.example");
    const head = await fetch(url, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([405, ""]);
  });

  test("a large body gets its 413 and is never held, and the connection stays usable", async () => {
    const { port } = await serve(handler);
    const socket = connect(port, "127.0.0.1");
    cleanUps.push(async () => socket.destroy());
    await once(socket, "connect");
    let received = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      received += text;
    });
    const size = 20_000_000;
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Session 7\r\nContent-Length: ${size}\r\n\r\n`);
    const block = Buffer.alloc(1_000_000, " ");
    for (let sent = 0; sent < size; sent += block.length) {
      if (!socket.write(block)) {
        await once(socket, "drain");
      }
    }
    await expect.poll(() => received).toContain("BODY_TOO_LARGE");
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${good.length}\r\n\r\n${good}`);
    await expect.poll(() => received).toContain("NOT_AUTHORIZED");
  });
});

test("the handler sees the request's URL, method, headers and the chunks of its body", async () => {
  let seen: unknown;
  const { url, port } = await serve(async (request) => {
    seen = { url: request.url, method: request.method, x: request.headers.get("x-a"), body: await request.text() };
    return new Response("ok");
  });
  const request = httpRequest(url, { method: "PUT", headers: { "X-A": ["1", "2"], Host: `localhost:${port}` } });
  request.write("one ");
  request.write("two");
  request.end();
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  expect(seen).toEqual({ url: `http://localhost:${port}/upload-token`, method: "PUT", x: "1, 2", body: "one two" });
});

test("several cookies stay several headers", async () => {
  const { url } = await serve(async () => {
    const headers = new Headers({ "X-A": "1" });
    headers.append("Set-Cookie", "a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT");
    headers.append("Set-Cookie", "b=2");
    return new Response(null, { status: 204, headers });
  });
  const { headers } = await fetch(url);
  expect(headers.getSetCookie()).toEqual(["a=1; Expires=Wed, 21 Oct 2037 07:28:00 GMT", "b=2"]);
  expect(headers.get("x-a")).toBe("1");
});

test.each([
  ["//evil.example/x", "a.example", "http://a.example//evil.example/x"],
  ["http://evil.example/x", "a.example", "http://a.example/"],
  ["*", "a.example", "http://a.example/"],
  ["/x", "a b/..", "http://localhost/"],
])("the request target %s with the host %s becomes %s", async (target, host, expected) => {
  const { port } = await serve(async (request) => new Response(request.url));
  const socket = connect(port, "127.0.0.1");
  cleanUps.push(async () => socket.destroy());
  socket.end(`OPTIONS ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  let received = "";
  for await (const chunk of socket.setEncoding("utf8")) {
    received += chunk;
  }
  expect(received.split("\r\n\r\n")[1]).toBe(expected);
});

describe("when something breaks", () => {
  test("a handler that throws ends the connection and nothing else", async () => {
    const { url } = await serve(async (request) => {
      if (request.method === "DELETE") {
        throw new Error("broken");
      }
      return new Response("fine");
    });
    await expect(fetch(url, { method: "DELETE" })).rejects.toThrow();
    expect(await (await fetch(url)).text()).toBe("fine");
  });

  test("a client that goes away aborts the signal and ends the reading", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: outcome, resolve } = Promise.withResolvers<{ aborted: boolean; failed: boolean }>();
    const { port } = await serve(async (request) => {
      arrive();
      const failed = await request.text().then(
        () => false,
        () => true,
      );
      resolve({ aborted: request.signal.aborted, failed });
      return new Response(null);
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
    await arrived;
    socket.destroy();
    expect(await outcome).toEqual({ aborted: true, failed: true });
  });

  test("a body that is gone before it is read fails instead of waiting for ever", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: outcome, resolve } = Promise.withResolvers<string>();
    const { port } = await serve(async (request) => {
      arrive();
      await new Promise((aborted) => request.signal.addEventListener("abort", aborted));
      resolve(await request.text().catch((error: Error) => error.message));
      return new Response(null);
    });
    const socket = connect(port, "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf");
    await arrived;
    socket.destroy();
    expect(await outcome).toContain("ended early");
  });
});

test("a body that somebody has already read is empty, not awaited", async () => {
  const server = createServer(async (request, response) => {
    for await (const _chunk of request.iterator({ destroyOnReturn: false })) {
      // read to the end, as a body parser does
    }
    toNodeListener(async (standard) => new Response(`<${await standard.text()}>`))(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  const { port } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "gone" })).text()).toBe("<>");
});
