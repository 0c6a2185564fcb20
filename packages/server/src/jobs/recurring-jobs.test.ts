import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { parseStorageUrl } from "../config/storage-url.ts";
import { recurringJobs } from "./recurring-jobs.ts";

test("jobs recur after the sweep's interval, in whole seconds", () => {
  const config = resolveConfig({ limits: { sweepIntervalMs: 1400 } });
  expect(recurringJobs(config)).toEqual([
    { name: "sweep-blobs", everySeconds: 1 },
    { name: "expire-tokens", everySeconds: 1 },
    { name: "expire-extensions", everySeconds: 1 },
    { name: "expire-transformations", everySeconds: 1 },
    { name: "expire-events", everySeconds: 1 },
  ]);
});

test("unfinished uploads are swept only in a store that keeps them", () => {
  const config = { ...resolveConfig({}), storage: parseStorageUrl("s3://bucket/prefix?region=us-east-1") };
  expect(recurringJobs(config)).toContainEqual({ name: "sweep-uploads", everySeconds: 3600 });
});
