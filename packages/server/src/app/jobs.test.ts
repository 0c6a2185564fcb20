import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { recurringJobs } from "../jobs/job-list.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type JobNeeds, jobs } from "./jobs.ts";

/** Whether a job recurs depends on nothing but the configuration and the store. */
function recurring(config: JobNeeds["config"], blobs: Partial<BlobStore>) {
  return recurringJobs(jobs, { config, blobs } as JobNeeds);
}

test("jobs recur after the sweep's interval, in whole seconds", () => {
  const config = resolveConfig({ limits: { sweepIntervalMs: 1400 } });
  expect(recurring(config, {})).toEqual([
    { name: "sweep-blobs", everySeconds: 1 },
    { name: "expire-tokens", everySeconds: 1 },
    { name: "expire-extensions", everySeconds: 1 },
    { name: "expire-transformations", everySeconds: 1 },
    { name: "expire-events", everySeconds: 1 },
  ]);
});

test("unfinished uploads and shared images are swept only in a store that keeps them", () => {
  const sharedFiles = {} as NonNullable<BlobStore["sharedFiles"]>;
  const found = recurring(resolveConfig({}), { leavesUnfinished: true, sharedFiles });
  for (const name of ["sweep-uploads", "sweep-derived"]) expect(found).toContainEqual({ name, everySeconds: 3600 });
});
