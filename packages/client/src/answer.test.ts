import { describe, expect, test } from "vitest";
import { bodyOf, errorOf, uploadResponse } from "./answer.ts";
import type { TransportAnswer } from "./transport.ts";

function answer(status: number, body: unknown, headers: Record<string, string> = {}): TransportAnswer {
  return { status, headers, text: typeof body === "string" ? body : JSON.stringify(body) };
}

const refusal = (reason: string) => ({ message: "What is wrong.", reason, help: "What to do." });

describe("whether an attempt is repeated, and whether it may have been stored all the same", () => {
  const never = { again: false, open: false };
  const repeated = { again: true, open: false };
  const open = { again: true, open: true };
  const asked = { again: false, open: true };
  test.each<[string, TransportAnswer, { again: boolean; open: boolean }, boolean]>([
    ["a refusal", answer(400, refusal("FILE_TOO_LARGE")), never, false],
    ["a proxy's refusal", answer(413, "<html>"), never, false],
    ["a slow upload", answer(408, refusal("REQUEST_TIMEOUT")), never, true],
    ["a server that is busy", answer(503, refusal("SERVER_BUSY")), repeated, true],
    ["too many requests", answer(429, refusal("RATE")), repeated, true],
    [
      "a failure after the token was used",
      answer(503, refusal("STORAGE_UNAVAILABLE"), { "x-should-retry": "false" }),
      never,
      true,
    ],
    ["an unknown outcome", answer(503, refusal("OUTCOME_UNKNOWN"), { "x-should-retry": "false" }), asked, true],
    [
      "a used token, which a first try of the browser's may have used",
      answer(400, refusal("TOKEN_USED")),
      asked,
      false,
    ],
    ["a proxy without its server", answer(502, "<html>"), open, true],
    ["a page that stands in for the answer", answer(200, "<html>"), open, true],
  ])("%s", (_, given, expected, retryable) => {
    const { again, open, retryable: allowed } = errorOf(given, "ANSWER_INVALID");
    expect({ again, open }).toEqual(expected);
    expect(allowed).toBe(retryable);
  });
});

test("an error says what the server said, and where to find the request", () => {
  const error = errorOf(answer(400, refusal("FILE_TOO_LARGE"), { "x-request-id": "7" }), "ANSWER_INVALID");
  expect(error).toMatchObject({
    name: "UploadError",
    reason: "FILE_TOO_LARGE",
    message: "What is wrong.",
    help: "What to do.",
    status: 400,
    requestId: "7",
    response: refusal("FILE_TOO_LARGE"),
  });
  expect(errorOf(answer(502, "<html>"), "ANSWER_INVALID")).toMatchObject({
    reason: "ANSWER_INVALID",
    status: 502,
  });
});

test.each<[string, number | undefined]>([
  ["2", 2000],
  ["0", undefined],
  ["soon", undefined],
  ["86400", 300_000],
  [new Date(Date.now() - 5000).toUTCString(), undefined],
])("Retry-After %j is %j milliseconds", (header, after) => {
  expect(errorOf(answer(503, "", { "retry-after": header }), "ANSWER_INVALID").after).toBe(after);
});

test("Retry-After may be a date", () => {
  const date = new Date(Date.now() + 10_000).toUTCString();
  const { after } = errorOf(answer(503, "", { "retry-after": date }), "ANSWER_INVALID");
  expect(after).toBeGreaterThan(8000);
  expect(after).toBeLessThanOrEqual(10_000);
});

test.each(["", "no JSON", "null", "1", '"text"'])("the body %j has nothing to say", (text) => {
  expect({ ...bodyOf(answer(200, text)) }.reason).toBeUndefined();
});

test("a response carries how it came, out of sight", () => {
  const given = answer(200, { fileId: "f" }, { "x-request-id": "7" });
  const response = uploadResponse(bodyOf(given), given);
  expect(response?.$ResponseMetadata).toEqual({ statusCode: 200, requestId: "7", headers: { "x-request-id": "7" } });
  expect(JSON.stringify(response)).toBe('{"fileId":"f"}');
  expect(uploadResponse({}, given)).toBeUndefined();
});
