import { expect, test } from "vitest";
import { isRetryable, taskErrorText } from "./error-text.ts";
import type { UploadTask } from "./types.ts";
import { UploadError, type UploadErrorDetails } from "./upload-error.ts";

function failed(reason: string, message: string, details: UploadErrorDetails = {}, total = 10): UploadTask {
  const error = new UploadError(reason, message, { source: "server", status: 400, ...details });
  return { state: "failed", error, total, options: { fileName: "a.jpg" } } as UploadTask;
}

test("users read the sentences of the element, or those of the page for a reason", () => {
  document.documentElement.lang = "en";
  const tooLarge = failed("FILE_TOO_LARGE", "The file size exceeds 25000000 bytes limit.");
  expect(taskErrorText(tooLarge)).toBe("This file is too large. The limit is 25 MB.");
  expect(taskErrorText(tooLarge, { FILE_TOO_LARGE: "Over {max}." })).toBe("Over 25 MB.");
  expect(taskErrorText(failed("PAYLOAD_MISMATCH", "Your request …"))).toBe("This file couldn't be uploaded.");
  const cut = failed("INTERRUPTED", "", { retryable: true }, 2 ** 21);
  expect(taskErrorText(cut)).toBe("Interrupted again. This file may be too large.");
  expect(taskErrorText({ state: "sending", total: 1, options: { fileName: "a.jpg" } } as UploadTask)).toBe("");
});

test("a retry helps where the reason passes", () => {
  expect(isRetryable(failed("FILE_TOO_LARGE", ""))).toBe(false);
  expect(isRetryable(failed("SERVER_BUSY", "", { retryable: true, status: 503 }))).toBe(true);
});
