import { expect, test } from "vitest";
import { DatabaseError, DatabaseFullError } from "../database/database.ts";
import { StorageError } from "../storage/storage-error.ts";
import { noticeFailure } from "./failures.ts";

test.each([
  [new StorageError("STORAGE_FULL", "full"), 1],
  [new DatabaseFullError("full"), 1],
  [new DatabaseError("gone"), 0],
  [new Error("other"), 0],
])("the disks are measured again after a failure of one of them: %s", (error, times) => {
  let count = 0;
  noticeFailure({ freeSpace: { assert: async () => {}, distrust: () => void count++ } }, error);
  expect(count).toBe(times);
});
