import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { anybody, type Operation } from "@sluice/protocol/schemas";
import Fastify, { type FastifyInstance } from "fastify";
import { Type } from "typebox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addRoute, asPlainJson } from "../add-route.ts";
import { compressAnswers } from "./compress-answers.ts";

const operation = {
  id: "get-list",
  method: "GET",
  path: "/compressed",
  tag: "Files",
  summary: "Get a list",
  access: anybody,
  answers: { 200: Type.Array(Type.String()) },
  errors: [],
} as const satisfies Operation;

const list = (bytes: number) => ["x".repeat(bytes - 4)];
const answers: Readonly<Record<string, readonly string[]>> = {
  list: list(70_000),
  long: list(300_000),
  short: list(1023),
  "of-1-kib": list(1024),
  signed: [...list(2000), "https://media.example/demo/a.jpg?ik-t=1&ik-s=0123456789abcdef"],
};

let app: FastifyInstance;
beforeAll(() => {
  app = Fastify();
  compressAnswers(app);
  for (const path of ["/compressed", "/other"] as const) {
    const described = { ...operation, path, ...(path === "/compressed" && { compressed: true as const }) };
    addRoute(
      app,
      described,
      (request, reply) => {
        if (request.query.vary !== undefined) reply.header("vary", "Origin");
        if (request.query.status !== undefined) reply.code(Number(request.query.status));
        return answers[String(request.query.of)];
      },
      asPlainJson,
    );
  }
});
afterAll(() => app.close());

const ask = (url: string, accepted?: string, method: "GET" | "HEAD" = "GET") =>
  app.inject({ method, url, headers: accepted === undefined ? {} : { "accept-encoding": accepted } });

test.each([
  ["br", "gzip, deflate, br, zstd", "list", brotliDecompressSync],
  ["gzip", "gzip", "list", gunzipSync],
  ["br", "br", "long", brotliDecompressSync],
  ["gzip", "gzip;q=1, br;q=0.1", "long", gunzipSync],
  ["gzip", "gzip", "of-1-kib", gunzipSync],
])("an answer is compressed for who accepts it: %s, asked for %s (%s)", async (coding, accepted, of, decode) => {
  const { rawPayload, headers } = await ask(`/compressed?of=${of}`, accepted);
  expect(headers).toMatchObject({
    "content-encoding": coding,
    "content-type": "application/json; charset=utf-8",
    "content-length": String(rawPayload.length),
    vary: "Accept-Encoding",
  });
  expect(rawPayload.length).toBeLessThan(JSON.stringify(answers[of]).length / 10);
  expect(JSON.parse(decode(rawPayload).toString())).toEqual(answers[of]);
});

test.each([
  ["the client does not ask for it", "list", undefined],
  ["the client refuses the codings", "list", "br;q=0, gzip;q=0"],
  ["the client would rather have it plain", "list", "gzip;q=0.5, identity"],
  ["it is shorter than 1 KiB", "short", "br, gzip"],
  ["a signed URL stands in it", "signed", "br, gzip"],
])("an answer stays as it is where %s", async (_why, of, accepted) => {
  const answer = await ask(`/compressed?of=${of}`, accepted);
  expect(answer.headers).not.toHaveProperty("content-encoding");
  expect(answer.headers).toMatchObject({
    vary: "Accept-Encoding",
    "content-length": String(answer.rawPayload.length),
  });
  expect(answer.json()).toEqual(answers[of]);
});

test("an operation that does not say so answers as before", async () => {
  const answer = await ask("/other?of=list", "br, gzip");
  expect(answer.headers).not.toHaveProperty("content-encoding");
  expect(answer.headers).not.toHaveProperty("vary");
  expect(answer.json()).toEqual(answers.list);
});

test("another status than 200 stays as it is", async () => {
  const answer = await ask("/compressed?of=list&status=400", "br, gzip");
  expect(answer.headers).not.toHaveProperty("content-encoding");
});

test("HEAD has the headers of GET", async () => {
  const got = await ask("/compressed?of=list", "br");
  const head = await ask("/compressed?of=list", "br", "HEAD");
  expect(head.rawPayload).toHaveLength(0);
  for (const name of ["content-encoding", "content-length", "content-type", "vary"]) {
    expect(head.headers[name]).toBe(got.headers[name]);
  }
});

test("what the answer depends on besides is kept", async () => {
  const { headers } = await ask("/compressed?of=list&vary=1", "br");
  expect(headers.vary).toBe("Origin, Accept-Encoding");
});
