import { afterEach, expect, test, vi } from "vitest";
import { UploadError, type UploadErrorDetails } from "../upload-error.ts";
import { diagnose } from "./diagnose.ts";

afterEach(() => vi.restoreAllMocks());

/** Returns what the console shows for these errors. */
async function told(...errors: UploadError[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((...shown) => lines.push(shown.join("\n")));
  const before = new Set<string>();
  for (const error of errors) await diagnose(error, before);
  return lines;
}

const tokenEndpoint = (status: number | undefined, message = `The token endpoint answered ${status}.`) =>
  new UploadError("TOKEN_ENDPOINT", message, { source: "token-endpoint", url: "/upload-token", status });

test.each([
  [undefined, "The token endpoint gave no token.", /JSON/],
  [401, undefined, /not signed in.*cookies/],
  [403, undefined, /`reason` and a `message`/],
  [404, undefined, /check the address/],
  [405, undefined, /POST/],
  [500, undefined, /log of your backend/],
  [503, undefined, /log of your backend/],
])("of a token endpoint that answers %s it says what to do", async (status, message, advice) => {
  const error = tokenEndpoint(status, message);
  const [text = "", ...others] = await told(error);
  const [first, address, help] = text.split("\n");
  expect(first).toBe(`<sluice-uploader> TOKEN_ENDPOINT: ${error.message}`);
  expect(address).toBe(`${location.origin}/upload-token${status ? ` answered ${status}` : ""}`);
  expect(help).toMatch(advice);
  expect(others).toEqual([]);
});

test("it repeats what the server says, and by which name its log has it", async () => {
  const details: UploadErrorDetails = { source: "server", status: 400, help: "Mint another.", requestId: "7" };
  const error = new UploadError("PAYLOAD_MISMATCH", "It does not match.", details);
  expect(await told(error)).toEqual([
    "<sluice-uploader> PAYLOAD_MISMATCH: It does not match.\nMint another.\nx-request-id: 7",
  ]);
});

test("it tells an answer that is not Sluice's by its address", async () => {
  const details = { source: "server", status: 413, url: "https://uploads.example" } as const;
  const [text] = await told(new UploadError("ANSWER_INVALID", "The server answered 413.", details));
  expect(text).toMatch(/^https:\/\/uploads\.example\/ answered 413$/m);
  expect(text).toMatch(/proxy.*413/);
});

test("of a token endpoint that failed it shows the answer, of one that succeeded only what the answer has", async () => {
  const details = { source: "token-endpoint", url: "/upload-token" } as const;
  const failed = { ...details, status: 500, response: { error: "publicKey must be a non-empty string" } };
  const nameless = { ...details, response: { jwt: "secret", expire: 300 } };
  const [first, second] = await told(
    new UploadError("TOKEN_ENDPOINT", "The token endpoint answered 500.", failed),
    new UploadError("TOKEN_ENDPOINT", "The token endpoint gave no token.", nameless),
  );
  expect(first).toContain('Its answer: {"error":"publicKey must be a non-empty string"}');
  expect(second).toContain("Its answer has: jwt, expire");
  expect(second).not.toContain("secret");
});

test("of a function that gets tokens it says what is wrong, with the error that the function threw", async () => {
  const cause = new SyntaxError("Unexpected token '<'");
  const nothing = { source: "token-endpoint", response: undefined } as const;
  const [threw, gave] = await told(
    new UploadError("TOKEN_ENDPOINT", String(cause), { cause }),
    new UploadError("TOKEN_ENDPOINT", "The token endpoint gave no token.", nothing),
  );
  expect(threw).toMatch(/getToken threw this.*\nSyntaxError: Unexpected token '<'$/s);
  expect(gave).toMatch(/getToken has to return the token, or \{ token: "…" \}/);
});

test.each([
  [
    { loaded: 7, total: 7, ms: 1234 },
    /^7 of 7 bytes were sent in 1\.2 s\. An answer without CORS headers, such as a proxy's 413.*client_max_body_size/,
  ],
  [
    { loaded: 3, total: 7, ms: 60_000 },
    /^3 of 7 bytes were sent in 60\.0 s\. Does a proxy.*client_max_body_size.*60 s.*readTimeout/,
  ],
  [{ loaded: 0, total: 0, ms: 5 }, /^0 of 0 bytes.*Does a proxy/],
])("of an upload that was interrupted after %j it says what may have ended it", async (sent, advice) => {
  const details = { url: "https://uploads.example/api/v2/files/upload", sent };
  const [text = ""] = await told(new UploadError("INTERRUPTED", "The server is in reach …", details));
  expect(text.split("\n")[2]).toMatch(advice);
});

test("the same mistake with many files is told once", async () => {
  expect(await told(tokenEndpoint(404), tokenEndpoint(404), tokenEndpoint(405))).toHaveLength(2);
});
