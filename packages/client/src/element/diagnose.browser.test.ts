import { afterEach, expect, test, vi } from "vitest";
import { UploadError, type UploadErrorDetails } from "../upload-error.ts";
import { diagnose } from "./diagnose.ts";

afterEach(() => vi.restoreAllMocks());

/** Returns what the console shows for these errors. */
async function told(...errors: UploadError[]): Promise<string[]> {
  const lines: string[] = [];
  vi.spyOn(console, "error").mockImplementation((line) => lines.push(line));
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
  expect(address).toBe(`${location.origin}/upload-token`);
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
  expect(text).toMatch(/^https:\/\/uploads\.example\/$/m);
  expect(text).toMatch(/proxy.*413/);
});

test("the same mistake with many files is told once", async () => {
  expect(await told(tokenEndpoint(404), tokenEndpoint(404), tokenEndpoint(405))).toHaveLength(2);
});
