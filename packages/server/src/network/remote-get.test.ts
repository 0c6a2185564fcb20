import type { RequestListener } from "node:http";
import { createServer as createTcpServer, type Server } from "node:net";
import { pipeline } from "node:stream";
import { createServer as createTlsServer } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RemoteError } from "./remote-error.ts";
import { type RemoteGetOptions, type RemoteResponse, remoteGet } from "./remote-get.ts";
import { type RemoteServer, startRemoteServer } from "./testing/remote-server.ts";
import { privateHost, publicHost, rulesOf } from "./testing/rules.ts";

const names = { "public.test": [[publicHost]], "private.test": [[privateHost]] };
const patient = { rules: rulesOf(names), headersMs: 5000, stallMs: 5000, totalMs: 10_000 };

let servers: RemoteServer[];
let leave: AbortController;

beforeEach(() => {
  servers = [];
  leave = new AbortController();
});

afterEach(async () => {
  // However a download ended, none of its connections stays open.
  for (const server of servers) await server.idle();
  for (const server of servers) await server.close();
});

async function serve(listener: RequestListener | Server, host?: string): Promise<RemoteServer> {
  const server = await startRemoteServer(listener, host);
  servers.push(server);
  return server;
}

/**
 * Sends these bytes to any client that connects and sends a request, and closes the connection afterwards where `end`
 * says so.
 */
function serveRaw(answer: string, end = true): Promise<RemoteServer> {
  return serve(
    createTcpServer((socket) => socket.once("data", () => (end ? socket.end(answer) : socket.write(answer)))),
  );
}

async function readAll({ length, body }: RemoteResponse): Promise<{ length: number | undefined; text: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return { length, text: Buffer.concat(chunks).toString() };
}

function get(url: string, options: Partial<RemoteGetOptions> = {}): ReturnType<typeof readAll> {
  return remoteGet(url, { ...patient, signal: leave.signal, ...options }, readAll);
}

test("a body with a length, in chunks, or up to the connection's end is handed over as it is", async () => {
  const sized = await serve((_request, response) => response.end("sized"));
  expect(await get(`http://public.test:${sized.port}/`)).toEqual({ length: 5, text: "sized" });
  const chunked = await serve((_request, response) => {
    for (const chunk of ["a", "b", "c"]) response.write(chunk);
    response.end();
  });
  expect(await get(`http://${chunked.authority}/`)).toEqual({ length: undefined, text: "abc" });
  const old = await serveRaw("HTTP/1.0 200 OK\r\n\r\nto the end");
  expect(await get(`http://${old.authority}/`)).toEqual({ length: undefined, text: "to the end" });
  const early = await serveRaw("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  expect(await get(`http://${early.authority}/`)).toEqual({ length: 2, text: "ok" });
});

test("the request carries nothing but what a plain GET needs", async () => {
  const target = await serve((request, response) => {
    response.end(JSON.stringify([request.method, request.url, request.headers]));
  });
  const { text } = await get(`http://public.test:${target.port}/a%20b?c=d#e`);
  const headers = {
    host: `public.test:${target.port}`,
    connection: "keep-alive",
    accept: "*/*",
    "accept-encoding": "identity",
    "user-agent": "sluice",
  };
  expect(JSON.parse(text)).toEqual(["GET", "/a%20b?c=d", headers]);
});

/** Redirects `/n` to `/n-1`, down to `/0`. */
const countdown: RequestListener = (request, response) => {
  const left = Number(request.url?.slice(1));
  if (left === 0) response.end("arrived");
  else
    response.writeHead(302, { location: `/${left - 1}`, "set-cookie": "a=b" }).end(request.headers.cookie ?? "moved");
};

test("three redirects are followed, a fourth is not", async () => {
  const target = await serve(countdown);
  expect(await get(`http://${target.authority}/3`)).toMatchObject({ text: "arrived" });
  await expect(get(`http://${target.authority}/4`)).rejects.toThrow("It redirects more than 3 times.");
});

test.each([301, 302, 303, 307, 308])("the status %d redirects", async (status) => {
  const target = await serve((_request, response) => response.end("arrived"));
  const first = await serve((_request, response) => {
    response.writeHead(status, { location: `http://public.test:${target.port}/` }).end();
  });
  expect(await get(`http://${first.authority}/`)).toMatchObject({ text: "arrived" });
});

test("a redirect to a private address is refused without a connection, literal, by name and in another spelling", async () => {
  const secret = await serve((_request, response) => response.end("secret"), privateHost);
  for (const host of [privateHost, "private.test", "0177.0.0.2", "[::1]", "[::ffff:127.0.0.2]", "127.2"]) {
    const first = await serve((_request, response) => {
      response.writeHead(302, { location: `http://${host}:${secret.port}/` }).end();
    });
    await expect(get(`http://${first.authority}/`), host).rejects.toMatchObject({ name: "RemoteError" });
    expect(first.connections).toBe(1);
  }
  expect(secret.connections).toBe(0);
});

test.each([
  ["http://user:password@public.test/", "It redirects to a URL that carries a user name or a password."],
  ["file:///etc/passwd", "It redirects to a URL that is neither http nor https."],
  ["http://", "It redirects to a URL that is not valid."],
  [`http://${privateHost}/`, "It redirects to a URL that leads to an address that is not public,"],
])("a redirect to %s is refused as forbidden", async (location, problem) => {
  const target = await serve((_request, response) => response.writeHead(302, { location }).end());
  await expect(get(`http://${target.authority}/`)).rejects.toMatchObject({
    forbidden: true,
    message: expect.stringContaining(problem),
  });
});

test("an internal name is answered like a name that does not exist, a literal address as what it is", async () => {
  const outcomes = ["private.test", "none.test"].map((host) =>
    get(`http://${host}/`).catch(({ message, forbidden }) => ({ message, forbidden })),
  );
  const [internal, missing] = await Promise.all(outcomes);
  expect(internal).toEqual(missing);
  expect(internal).toMatchObject({ forbidden: false, message: expect.stringContaining("does not lead to an address") });
  const literal = { forbidden: true, message: expect.stringContaining("an address that is not public") };
  await expect(get(`http://${privateHost}/`)).rejects.toMatchObject(literal);
  const loopback = rulesOf({ localhost: [["::1"]] });
  await expect(get("http://localhost/", { rules: loopback })).rejects.toMatchObject(literal);
});

test.each([201, 204, 206, 304, 300, 401, 404, 500])("the status %d is no file", async (status) => {
  const target = await serve((_request, response) => response.writeHead(status).end(status === 204 ? "" : "internals"));
  await expect(get(`http://${target.authority}/`)).rejects.toMatchObject({
    forbidden: false,
    message: `Its server answered with the status ${status}.`,
  });
});

test("a compressed answer is refused, one that only says identity is not", async () => {
  const target = await serve((request, response) => {
    const encoding = request.url?.slice(1) ?? "";
    response.writeHead(200, { "content-encoding": encoding }).end(encoding === "gzip" ? gzipSync("a") : "a");
  });
  for (const encoding of ["gzip", "br", "zstd", "identity,gzip"]) {
    await expect(get(`http://${target.authority}/${encoding}`)).rejects.toThrow("Its server sent it compressed");
  }
  expect(await get(`http://${target.authority}/identity`)).toMatchObject({ text: "a" });
  const transfer = await serveRaw("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n");
  await expect(get(`http://${transfer.authority}/`)).rejects.toThrow("Its server sent it compressed");
});

test("the time for headers runs over connecting, waiting and redirecting together", async () => {
  const silent = await serve(createTcpServer((socket) => socket.resume()));
  const slow = await serveRaw("HTTP/1.1 200 OK\r\nX-A: ", false);
  const first = await serve((_request, response) => {
    response.writeHead(302, { location: `http://${silent.authority}/` }).end();
  });
  for (const target of [silent, slow, first]) {
    const attempt = get(`http://${target.authority}/`, { headersMs: 100 });
    await expect(attempt).rejects.toThrow("Its server did not answer within 0.1 seconds.");
  }
  const unresolved = { ...rulesOf(), resolve: () => new Promise<never>(() => {}) };
  await expect(get("http://name.test/", { rules: unresolved, headersMs: 50 })).rejects.toThrow("did not answer within");
});

test("a body may take longer than the headers may, but it may not stand still, nor take forever", async () => {
  const dribble = await serve((_request, response) => {
    let left = 10;
    const timer = setInterval(() => (left-- > 0 ? response.write("a") : response.end()), 100);
    response.once("close", () => clearInterval(timer));
  });
  const url = `http://${dribble.authority}/`;
  expect(await get(url, { headersMs: 800 })).toMatchObject({ text: "a".repeat(10) });
  await expect(get(url, { totalMs: 100 })).rejects.toThrow("The download took too long.");
  const stalled = await serveRaw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nstart", false);
  await expect(get(`http://${stalled.authority}/`, { stallMs: 100 })).rejects.toThrow("Its server stopped sending.");
});

test("a reader that takes its time is not taken for a server that stands still", async () => {
  const target = await serve((_request, response) => response.end(Buffer.alloc(1024 * 1024)));
  const options = { ...patient, stallMs: 1000, signal: leave.signal };
  const read = await remoteGet(`http://${target.authority}/`, options, async ({ body }) => {
    let [bytes, paused] = [0, false];
    for await (const chunk of body) {
      bytes += chunk.length;
      if (!paused) await new Promise((resolve) => setTimeout(resolve, 2000));
      paused = true;
    }
    return bytes;
  });
  expect(read).toBe(1024 * 1024);
});

test.each([
  [
    "fewer bytes than announced",
    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
    /closed the connection|as many bytes/,
  ],
  ["no last chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n", /closed the connection/],
  ["a chunk size that is none", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", /in proper HTTP/],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\nhello", /in proper HTTP/],
  ["a length twice", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", /as many bytes/],
  ["another protocol", "SSH-2.0-OpenSSH\r\n", /in proper HTTP/],
  ["nothing", "", /closed the connection/],
  ["endless headers", `HTTP/1.1 200 OK\r\nX-Long: ${"a".repeat(100_000)}\r\n\r\n`, /in proper HTTP/],
  ["an upgrade", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n", /./],
])("an answer with %s is no file", async (_what, answer, problem) => {
  const target = await serveRaw(answer);
  const error = await get(`http://${target.authority}/`).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "RemoteError", forbidden: false, message: expect.stringMatching(problem) });
});

test("what keeps a connection from being made is said", async () => {
  const gone = await serve(createTcpServer((socket) => socket.resume()));
  await gone.close();
  servers = [];
  await expect(get(`http://${gone.authority}/`)).rejects.toThrow("Its server refused the connection.");
  await expect(get("http://none.test/")).rejects.toThrow("does not lead to an address");
  const plain = await serve((_request, response) => response.end("plain"));
  await expect(get(`https://${plain.authority}/`)).rejects.toThrow("offers no secure connection that can be trusted");
  // Without a certificate there is no handshake.
  const bare = await serve(createTlsServer());
  await expect(get(`https://${bare.authority}/`)).rejects.toThrow("offers no secure connection that can be trusted");
});

test("a secure connection is made with the host of the URL, whatever the host header says", async () => {
  const asked: string[] = [];
  const SNICallback = (name: string, done: (error: Error) => void) => {
    asked.push(name);
    done(new Error("no certificate"));
  };
  const { port } = await serve(createTlsServer({ SNICallback }));
  const prepare = () => ({ host: "media.example.com" });
  for (const host of ["public.test", publicHost]) {
    await expect(get(`https://${host}:${port}/`, { prepare })).rejects.toThrow(RemoteError);
  }
  expect(asked).toEqual(["public.test"]);
});

test("when the caller leaves, the connection is closed in the middle of whatever it was doing", async () => {
  const silent = await serve(createTcpServer((socket) => socket.resume()));
  const slow = await serveRaw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nstart", false);
  for (const target of [silent, slow]) {
    const left = new AbortController();
    const attempt = get(`http://${target.authority}/`, { signal: left.signal });
    attempt.catch(() => {});
    while (target.connections === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    left.abort(new Error("left"));
    await expect(attempt).rejects.toThrow("left");
    await target.idle();
  }
  await expect(get(`http://${silent.authority}/`, { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow(
    "gone",
  );
});

test("when the reader fails or has enough, the connection is closed and its own error comes through", async () => {
  function* endless(): Generator<Buffer> {
    for (;;) yield Buffer.alloc(65_536);
  }
  const target = await serve((_request, response) => pipeline(endless, response, () => {}));
  const options = { ...patient, signal: leave.signal };
  const url = `http://${target.authority}/`;
  const inTheMiddle = remoteGet(url, options, async ({ body }) => {
    for await (const _chunk of body) throw new Error("enough");
  });
  await expect(inTheMiddle).rejects.toThrow("enough");
  await target.idle();
  await expect(remoteGet(url, options, async () => Promise.reject(new Error("never started")))).rejects.toThrow(
    "never started",
  );
  await target.idle();
  expect(await remoteGet(url, options, async () => "not wanted")).toBe("not wanted");
  await target.idle();
});
