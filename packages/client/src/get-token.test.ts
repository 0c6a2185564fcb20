import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { mint } from "./get-token.ts";
import { json, type Served, serve } from "./testing/serve.ts";
import { UploadError } from "./upload-error.ts";

const never = new AbortController().signal;
const html: RequestListener = (_request, response) => response.end("<!doctype html>Sign in");
const file = new Blob(["a"]);
const request = { uploadPayload: { fileName: "a.txt" }, expire: 60, publicKey: undefined };

describe("an endpoint", () => {
  let server: Served;
  afterEach(() => server.close());

  test("gets what the token is for, and is asked past every cache", async () => {
    server = await serve(json({ token: "t", parameters: { fileName: "b.txt" } }));
    const minted = await mint(server.url, request, never, file);
    expect(minted).toEqual({ token: "t", parameters: { fileName: "b.txt" } });
    const [{ headers, body } = { headers: {}, body: "" }] = server.requests;
    expect(JSON.parse(body)).toEqual({ uploadPayload: { fileName: "a.txt" }, expire: 60 });
    expect(headers["cache-control"]).toBe("no-cache");
  });

  test.each([
    ["refuses in its own words", json({ reason: "NOT_AUTHORIZED", message: "Sign in." }, 401), "NOT_AUTHORIZED", false],
    ["is down for a while", json("", 503), "TOKEN_ENDPOINT", true],
    ["answers something else", json({}), "TOKEN_ENDPOINT", false],
  ])("that %s", async (_, answer, reason, again) => {
    server = await serve(answer);
    await expect(mint(server.url, request, never, file)).rejects.toMatchObject({ reason, retryable: again });
  });

  test.each([
    ["404", json("", 404), "The token endpoint answered 404."],
    ["a reason", json({ reason: "NO_SESSION", message: "Please sign in." }, 401), "Please sign in."],
    ["no JSON", html, "The token endpoint gave no token."],
  ])("that answers %s is named by the error", async (_, answer, message) => {
    server = await serve(answer);
    const error = { message, source: "token-endpoint", url: server.url };
    await expect(mint(server.url, request, never, file)).rejects.toMatchObject(error);
  });
});

describe("a function", () => {
  test("gives a token, or a token with what it has changed", async () => {
    expect(await mint(() => "t", request, never, file)).toEqual({ token: "t" });
    const changed = { token: "t", parameters: { fileName: "b.txt" } };
    expect(await mint(async () => changed, request, never, file)).toEqual(changed);
    expect(await mint((_request, _signal, given) => String(given === file), request, never, file)).toEqual({
      token: "true",
    });
  });

  test("that throws is called again, unless its error says otherwise", async () => {
    const cause = new TypeError("Failed to fetch");
    const rejected = mint(() => Promise.reject(cause), request, never, file);
    await expect(rejected).rejects.toMatchObject({ reason: "TOKEN_ENDPOINT", cause, retryable: true });
    const final = new UploadError("SIGNED_OUT", "Sign in again.");
    await expect(mint(() => Promise.reject(final), request, never, file)).rejects.toBe(final);
  });

  test.each([undefined, null, {}, 1])("that gives %j gives no token", async (answer) => {
    await expect(mint(() => answer as never, request, never, file)).rejects.toMatchObject({
      reason: "TOKEN_ENDPOINT",
      retryable: false,
    });
  });
});
