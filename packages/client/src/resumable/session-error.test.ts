import { expect, test } from "vitest";
import type { Job } from "../job.ts";
import { Session } from "./session.ts";
import { sessionError } from "./session-error.ts";
import { tools } from "./tools.ts";

const endpoint = "https://uploads.example";
const file = new Blob(["12345"]);
const unused = (): never => {
  throw new Error("not called");
};

/** Answers a session, which has sent this many bytes. */
async function answer(status: number, reason: string, shown = 0) {
  const session = new Session();
  session.begin(`${endpoint}/_sluice/resumable/secret`, Date.now() + 60_000, "token");
  session.shown = shown;
  const job: Job = { item: { file, fileName: "a.bin" }, settings: {}, session };
  const { signal } = new AbortController();
  const attempt = { job, file, endpoint, admit: unused, stallTimeout: 1000, progress: unused, signal };
  const text = JSON.stringify({ reason, message: "Message.", help: "Help." });
  const error = await sessionError({ status, headers: {}, text }, session, attempt, tools);
  return { error, isKept: session.url !== undefined, open: job.open };
}

test.each([
  [423, "UPLOAD_SESSION_BUSY"],
  [423, "UPLOAD_TAKEN_OVER"],
  [409, "OFFSET_CONFLICT"],
  [460, "CHECKSUM_MISMATCH"],
  [429, "RATE_LIMIT_EXCEEDED"],
  [503, "PIECE_INTERRUPTED"],
])("after %i %s the session goes on", async (status, reason) => {
  const { error, isKept } = await answer(status, reason);
  expect(error).toMatchObject({ reason, status, retryable: true, again: true });
  expect(isKept).toBe(true);
});

test.each([
  [400, "CHECKS_FAILED"],
  [413, "FILE_TOO_LARGE"],
  [403, "ACCOUNT_DISABLED"],
])("a session that is refused with %i %s is forgotten, and not tried again", async (status, reason) => {
  const { error, isKept } = await answer(status, reason);
  expect(error).toMatchObject({ reason, status, help: "Help.", retryable: false, again: false });
  expect(isKept).toBe(false);
});

test.each([
  [404, "UPLOAD_SESSION_NOT_FOUND"],
  [410, "UPLOAD_SESSION_ENDED"],
])("after %i %s another one begins, once it is known that the whole one has stored nothing", async (status, reason) => {
  expect(await answer(status, reason)).toMatchObject({ error: { again: true }, isKept: false, open: undefined });
  expect((await answer(status, reason, file.size)).open).toEqual({ endpoint, token: "token" });
});

test("a file that was deleted after it had been stored is not sent again", async () => {
  const { error, isKept, open } = await answer(410, "UPLOADED_FILE_DELETED", file.size);
  expect(error).toMatchObject({ reason: "DELETED", retryable: false });
  expect([error.again ?? false, isKept, open]).toEqual([false, false, undefined]);
});

test("no error has the session's address, which is a secret", async () => {
  expect(JSON.stringify((await answer(500, "INTERNAL_ERROR")).error)).not.toContain("secret");
});
