import { expect, test } from "vitest";
import { reasonForAccounts } from "./reason-for-accounts.ts";

test.each([
  ["Error: Its server answered with the status 500.", "Its server answered with the status 500."],
  ["Error: ENOENT: no such file, open '/data/blobs/ab'", "ENOENT: no such file, open [path]"],
  ["StorageError: can't write to /data/spool (disk)", "StorageError: can't write to [path] (disk)"],
  ["Error: connect ECONNREFUSED 10.0.0.5:5432", "connect ECONNREFUSED [host]"],
  ["Error: getaddrinfo ENOTFOUND db.internal", "getaddrinfo ENOTFOUND [host]"],
  ["Error: 10.0.0.5:5432 is gone, see s3://bucket/key", "[address] is gone, see [address]"],
])("%j is told as %j", (reason, told) => {
  expect(reasonForAccounts(reason)).toBe(told);
});
