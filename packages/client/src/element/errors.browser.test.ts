import type { RefusalReason } from "@sluice/token";
import { expect, test } from "vitest";
import { UploadError, type UploadErrorDetails } from "../upload-error.ts";
import { errorText, isForUsers, isWorthRetrying } from "./errors.ts";
import { wordsFor } from "./words.ts";

const element = document.createElement("div");
element.setAttribute("accept", "image/*");
const words = wordsFor(element, () => ({}));

function fromServer(reason: string, message = "Your request …", details: UploadErrorDetails = {}): UploadError {
  return new UploadError(reason, message, { source: "server", status: 400, ...details });
}
const failedCheck = (condition: string) =>
  fromServer("CHECKS_FAILED", "Your request failed 'checks' validation.", {
    help: `This condition does not hold: ${condition}`,
  });

test.each<[string, UploadError]>([
  [
    "This file is too large. The limit is 25 MB.",
    fromServer("FILE_TOO_LARGE", "The file size exceeds 25000000 bytes limit."),
  ],
  ["This file is too large. The limit is 10 MB.", failedCheck('"file.size" <= "10MB"')],
  ["This file is too large. The limit is 500 kB.", failedCheck('"file.size" < 500000')],
  ["This file isn't allowed.", failedCheck('"file.size" >= "1KB"')],
  ["Allowed types: images.", failedCheck('"file.mime" : "image/"')],
  ["Allowed types: PNG.", failedCheck('"file.mime" = "image/png"')],
  [
    "Allowed types: images, videos, and PDF.",
    failedCheck('"file.mime" : "image/" OR "file.mime" : "video/" OR "file.mime" IN ["application/pdf"]'),
  ],
  ["Allowed types: JPEG and SVG.", failedCheck('"file.mime" IN ["image/jpeg", "image/svg+xml"]')],
  ["This file isn't allowed.", failedCheck('"file.mime" NOT = "image/svg+xml"')],
  ["This file isn't allowed.", failedCheck('"file.mime" NOT IN ["image/gif"]')],
  [
    "This file isn't allowed.",
    failedCheck('"file.mime" = "application/pdf" OR ("file.mime" : "image/" AND "file.size" < 9)'),
  ],
  // The server cuts long texts, so this is not the whole list.
  ["This file isn't allowed.", failedCheck('"file.mime" IN ["image/jpeg", "image/p…')],
  ["This file isn't allowed.", failedCheck('"mediaMetadata.width" >= 300')],
  ["This file is too large.", fromServer("ANSWER_INVALID", "The server answered 413.", { status: 413 })],
  ["This file is empty.", fromServer("FILE_MISSING")],
  ["This name is taken.", fromServer("FILE_ALREADY_EXISTS")],
  ["Storage is full.", fromServer("STORAGE_LIMIT_EXCEEDED", "Upload Limit Exceeded.")],
  ["This file contains malware.", fromServer("FILE_INFECTED")],
  ["This file couldn't be uploaded.", fromServer("PAYLOAD_MISMATCH")],
  ["This file couldn't be uploaded.", fromServer("PARAMETER_INVALID", "The parameter …")],
  ["Uploads aren't available right now.", fromServer("SERVER_BUSY", "", { status: 503, retryable: true })],
  ["The upload was interrupted.", new UploadError("INTERRUPTED", "The server is in reach …")],
  ["Can't reach the server.", new UploadError("NETWORK", "The server could not be reached.")],
  ["Uploads aren't available right now.", new UploadError("TOKEN_ENDPOINT", "TypeError", { retryable: true })],
  ["This file couldn't be uploaded.", new UploadError("TOKEN_ENDPOINT", "The token endpoint answered 404.")],
  ["Sign in to upload.", new UploadError("NOT_AUTHORIZED", "You are not …", { source: "token-endpoint" })],
  ["Not this one.", new UploadError("NOT_ALLOWED", "Not this one.", { source: "token-endpoint", status: 403 })],
  ["This file has changed.", new UploadError("FILE_UNREADABLE", "This file has changed.")],
  ["Sign in again.", new UploadError("SIGNED_OUT", "Sign in again.")],
])("users read %j", (text, error) => {
  expect(errorText(error, words)).toBe(text);
});

test("the types that the server takes are said also where the page asks for others, in the page's own words", () => {
  const check = failedCheck('"file.mime" : "image/"');
  const anything = document.createElement("div");
  expect(
    errorText(
      check,
      wordsFor(anything, () => ({})),
    ),
  ).toBe("Allowed types: images.");
  anything.setAttribute("accept", ".pdf");
  expect(
    errorText(
      check,
      wordsFor(anything, () => ({})),
    ),
  ).toBe("Allowed types: images.");
  expect(
    errorText(
      check,
      wordsFor(anything, () => ({ image: "Bilder", wrongType: "Nur {types}." })),
    ),
  ).toBe("Nur Bilder.");
});

test("after the last of several attempts that were cut off, a large file may be too large", () => {
  expect(errorText(new UploadError("INTERRUPTED", ""), words, true)).toBe(
    "Interrupted again. This file may be too large.",
  );
  expect(errorText(new UploadError("NETWORK", ""), words, true)).toBe("Can't reach the server.");
});

test("a text by the error's reason goes before all others, with the values of the limit", () => {
  const own = wordsFor(element, () => ({ FILE_TOO_LARGE: "Höchstens {max}.", NOT_ALLOWED: "Diese nicht." }));
  expect(errorText(fromServer("FILE_TOO_LARGE", "exceeds 2000000 bytes limit"), own)).toBe("Höchstens 2 MB.");
  expect(errorText(new UploadError("NOT_ALLOWED", "Not this one."), own)).toBe("Diese nicht.");
});

const handlersReasons = {
  BODY_INVALID: 400,
  BODY_TOO_LARGE: 413,
  UPLOAD_PAYLOAD_INVALID: 400,
  PARAMETER_INVALID: 400,
  PARAMETER_NOT_ALLOWED: 400,
  FILE_NAME_MISSING: 400,
  EXPIRE_INVALID: 400,
  PUBLIC_KEY_UNKNOWN: 400,
  NOT_AUTHORIZED: 401,
  METHOD_NOT_ALLOWED: 405,
  INTERNAL_ERROR: 500,
} satisfies Record<RefusalReason, number>;

test.each(Object.entries(handlersReasons))(
  "what the token handler says with %s is for developers",
  (reason, status) => {
    const error = new UploadError(reason, "For developers.", { source: "token-endpoint", status });
    expect(errorText(error, words)).toBe(
      reason === "NOT_AUTHORIZED" ? "Sign in to upload." : "This file couldn't be uploaded.",
    );
    expect(isForUsers(error)).toBe(false);
  },
);

test.each<[boolean, UploadError]>([
  [true, fromServer("FILE_TOO_LARGE")],
  [true, failedCheck('"file.mime" : "image/"')],
  [true, new UploadError("FILE_UNREADABLE", "This file has changed: choose it again.")],
  [true, new UploadError("NOT_ALLOWED", "Not this one.", { source: "token-endpoint" })],
  [false, fromServer("PAYLOAD_MISMATCH")],
  [false, new UploadError("NETWORK", "")],
  [false, new UploadError("INTERRUPTED", "")],
  [false, new UploadError("OPTIONS_INVALID", "An upload needs getToken, or a token.")],
])("it is %s that users are told of it", (expected, error) => {
  expect(isForUsers(error)).toBe(expected);
});

test.each<[boolean, UploadError]>([
  [true, new UploadError("NETWORK", "", { retryable: true })],
  [true, new UploadError("NO_SESSION", "Sign in.", { status: 401 })],
  [true, new UploadError("OUTCOME_UNKNOWN", "")],
  [false, new UploadError("NOT_ALLOWED", "", { status: 403 })],
  [false, fromServer("FILE_TOO_LARGE")],
  [false, new UploadError("FILE_UNREADABLE", "")],
])("it is %s that another attempt may end otherwise", (expected, error) => {
  expect(isWorthRetrying(error)).toBe(expected);
});
