import { afterEach, describe, expect, test } from "vitest";
import { mint } from "./get-token.ts";
import { json, type Served, serve } from "./testing/serve.ts";
import { UploadError } from "./upload-error.ts";

const never = new AbortController().signal;
const request = { uploadPayload: { fileName: "a.txt" }, expire: 60, publicKey: undefined };

describe("an endpoint", () => {
  let server: Served;
  afterEach(() => server.close());

  test("gets what the token is for, and is asked past every cache", async () => {
    server = await serve(json({ token: "t", parameters: { fileName: "b.txt" } }));
    const minted = await mint(server.url, request, never);
    expect(minted).toEqual({ value: { token: "t", parameters: { fileName: "b.txt" } } });
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
    expect(await mint(server.url, request, never)).toMatchObject({ error: { reason }, again });
  });
});

describe("a function", () => {
  test("gives a token, or a token with what it has changed", async () => {
    expect(await mint(() => "t", request, never)).toEqual({ value: { token: "t" } });
    const changed = { token: "t", parameters: { fileName: "b.txt" } };
    expect(await mint(async () => changed, request, never)).toEqual({ value: changed });
  });

  test("that throws is called again, unless its error says otherwise", async () => {
    const cause = new TypeError("Failed to fetch");
    const rejected = await mint(() => Promise.reject(cause), request, never);
    expect(rejected).toMatchObject({ error: { reason: "TOKEN_ENDPOINT", cause }, again: true });
    const final = new UploadError("SIGNED_OUT", "Sign in again.");
    expect(await mint(() => Promise.reject(final), request, never)).toEqual({ error: final, again: false });
  });

  test.each([undefined, null, {}, 1])("that gives %j gives no token", async (answer) => {
    expect(await mint(() => answer as never, request, never)).toMatchObject({
      error: { reason: "TOKEN_ENDPOINT" },
      again: false,
    });
  });
});
