import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { StorageError, toStorageError } from "./storage-error.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code, syscall: "write", errno: -1 });
}

test.each([
  ["ENOSPC", "STORAGE_FULL"],
  ["EDQUOT", "STORAGE_FULL"],
  ["EROFS", "STORAGE_READ_ONLY"],
  ["EACCES", "STORAGE_READ_ONLY"],
  ["EPERM", "STORAGE_READ_ONLY"],
  ["EIO", "STORAGE_FAILED"],
  ["ENOENT", "STORAGE_FAILED"],
])("%s is %s", (errno, code) => {
  const cause = systemError(errno);
  expect(toStorageError(cause, "write")).toMatchObject({ name: "StorageError", code, cause });
});

test("an operation may give an errno a meaning of its own", async () => {
  const error = await readFile("/nonexistent").catch((error: unknown) => error);
  expect(toStorageError(error, "read", { ENOENT: "BLOB_MISSING" })).toMatchObject({ code: "BLOB_MISSING" });
});

test("what no system call raised stays what it is", () => {
  for (const error of [new DOMException("over", "AbortError"), "a reason", new StorageError("BLOB_MISSING", "")]) {
    expect(toStorageError(error, "read")).toBe(error);
  }
});
