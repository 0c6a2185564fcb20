import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { basicFor } from "./harness/private-key.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, post, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "cors.txt" } as const;
const paths = ["/api/v1/files/upload", "/api/v2/files/upload"] as const;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--max-file-size", String(MiB)] });
});
afterAll(() => server?.stop());

function expectReadableByPages(headers: Headers): void {
  expect(headers.get("access-control-allow-origin")).toBe("*");
  const exposed = (headers.get("access-control-expose-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  expect(exposed).toEqual(expect.arrayContaining(["x-ik-requestid", "x-request-id"]));
  expect(headers.get("access-control-allow-credentials")).toBeNull();
}

function expectRequestIds(headers: Headers): string {
  const id = headers.get("x-ik-requestId") ?? "";
  expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(headers.get("x-request-id")).toBe(id);
  return id;
}

describe("the preflight", () => {
  const asPage = { origin: "https://app.example", "access-control-request-method": "POST" } as const;

  test.each(paths.flatMap((path) => [path, `${path}/`]))("of %s is answered without authentication", async (path) => {
    const answer = await fetch(`${server.url}${path}`, { method: "OPTIONS", headers: asPage });
    expect(answer.ok).toBe(true);
    expectReadableByPages(answer.headers);
    const methods = answer.headers.get("access-control-allow-methods")?.split(/\s*,\s*/);
    expect(methods).toEqual(["POST", "OPTIONS"]);
    expect(answer.headers.get("access-control-allow-headers")).toBe("*");
    expectRequestIds(answer.headers);
  });

  test("allows whatever headers the page asks for, authorization among them, which * would not cover", async () => {
    const asked = "authorization, x-requested-with, x-upload-content";
    const answer = await fetch(`${server.url}${paths[1]}`, {
      method: "OPTIONS",
      headers: { ...asPage, "access-control-request-headers": asked },
    });
    expect(answer.ok).toBe(true);
    expect(answer.headers.get("access-control-allow-headers")).toBe(asked);
    expect(answer.headers.get("vary")?.toLowerCase()).toContain("access-control-request-headers");
  });

  test("is answered with a wrong key as well: browsers send none, proxies may", async () => {
    const answer = await fetch(`${server.url}${paths[1]}`, {
      method: "OPTIONS",
      headers: { ...asPage, authorization: basicFor("private_other") },
    });
    expect(answer.ok).toBe(true);
  });
});

describe("every answer of an upload path can be read by pages, and names its request", () => {
  const file = filePart("hello");
  const answers: [what: string, status: number, () => Promise<{ status: number; headers: Headers }>][] = [
    ["an upload with a token", 200, () => uploadWithToken(server.url, "hello", fields)],
    ["an upload with Basic on V1", 200, () => uploadBasic(server.url, "hello", fields, { version: 1 })],
    ["a refusal before the body is read", 403, () => wrongKey()],
    ["a header without a key", 401, () => post(server.url, [file], { authorization: "Basic" })],
    ["no token", 400, () => post(server.url, [...textParts(fields), file])],
    ["an invalid token", 400, () => uploadWithToken(server.url, "hello", fields, "no token")],
    ["a mismatch", 400, () => uploadWithToken(server.url, "hello", { ...fields, tags: "x" }, mint(fields))],
    ["a bad parameter", 400, () => post(server.url, [file, textPart("fileName", "..")], { authorization: basic })],
    ["a file over the limit", 400, () => uploadBasic(server.url, Buffer.alloc(MiB + 1, 0x61), fields)],
    ["V1 without credentials", 400, () => post(server.url, [...textParts(fields), file], { version: 1 })],
    ["a body that is no form", 400, () => fetch(`${server.url}${paths[1]}`, { method: "POST", body: "hello" })],
    ["another method", 405, () => fetch(`${server.url}${paths[1]}`)],
  ];

  test.each(answers)("%s (%i)", async (_what, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expectReadableByPages(answer.headers);
    expectRequestIds(answer.headers);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json\b/);
  });

  function wrongKey() {
    return uploadBasic(server.url, "hello", fields, { authorization: basicFor("private_other") });
  }
});

test("every other answer names its request too, each by another id", async () => {
  const { body } = await uploadBasic(server.url, "hello", fields);
  const { pathname } = new URL(body.url);
  const requests: [path: string, status: number, init?: RequestInit][] = [
    ["/health", 200],
    ["/metrics", 200],
    ["/", 200],
    ["/v1/files", 200, { headers: { authorization: basic } }],
    ["/v1/files", 401],
    [`/v1/files/${body.fileId}/details`, 200, { headers: { authorization: basic } }],
    [`/v1/files/${"0".repeat(24)}/details`, 404, { headers: { authorization: basic } }],
    ["/v1/nothing", 404],
    ["/v1/files", 404, { method: "OPTIONS" }],
    [pathname, 200],
    [pathname, 200, { method: "HEAD" }],
    [pathname, 206, { headers: { range: "bytes=0-1" } }],
    ["/demo/nothing.jpg", 404],
    ["/_sluice/nothing", 404],
  ];
  const ids = new Set<string>();
  for (const [path, status, init] of requests) {
    const answer = await fetch(`${server.url}${path}`, init);
    await answer.arrayBuffer();
    expect(answer.status, path).toBe(status);
    ids.add(expectRequestIds(answer.headers));
  }
  expect(ids.size).toBe(requests.length);
});

test("a client's own request id is not taken over", async () => {
  const answer = await fetch(`${server.url}/health`, { headers: { "x-request-id": "mine", "request-id": "mine" } });
  expect(expectRequestIds(answer.headers)).not.toBe("mine");
});
