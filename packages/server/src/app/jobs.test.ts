import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resolveConfig } from "../config/resolve-config.ts";
import { recurringJobs, tableOf } from "../jobs/job-list.ts";
import type { BlobStore } from "../storage/blob-store.ts";
import { type JobDeps, jobs, jobTable } from "./jobs.ts";

/** The recurring jobs. Whether a job recurs depends only on the configuration and the store. */
function recurring(config: JobDeps["config"], blobs: Partial<BlobStore>) {
  return recurringJobs(jobs, { config, blobs } as JobDeps);
}

test("jobs recur after the sweep's interval, in whole seconds, and those each minute that nobody waits for long", () => {
  const config = resolveConfig({ limits: { sweepIntervalMs: 1400 } });
  expect(recurring(config, {})).toEqual([
    { name: "sweep-blobs", everySeconds: 1 },
    { name: "sweep-resumable-uploads", everySeconds: 1 },
    { name: "expire-tokens", everySeconds: 1 },
    { name: "resume-folder-jobs", everySeconds: 1 },
    { name: "sweep-trash", everySeconds: 1 },
    { name: "expire-extensions", everySeconds: 1 },
    { name: "expire-transformations", everySeconds: 1 },
    { name: "expire-queued-uploads", everySeconds: 1 },
    { name: "expire-events", everySeconds: 1 },
    { name: "hash-pictures", everySeconds: 60 },
    { name: "hash-late-pictures", everySeconds: 1 },
    { name: "color-pictures", everySeconds: 1 },
    { name: "read-media", everySeconds: 60 },
    { name: "finish-resumable-uploads", everySeconds: 60 },
  ]);
});

test("unfinished uploads and shared images are swept only in a store that keeps them", () => {
  const sharedFiles = {} as NonNullable<BlobStore["sharedFiles"]>;
  const found = recurring(resolveConfig({}), { leavesUnfinished: true, sharedFiles });
  for (const name of ["sweep-uploads", "sweep-derived"]) expect(found).toContainEqual({ name, everySeconds: 3600 });
});

test("the limit says how many videos a process encodes, for URLs and for uploads", () => {
  const rules = Object.entries(tableOf(jobs, { encodes: 7 })).filter(([, { concurrency }]) => concurrency === 7);
  expect(rules.map(([name]) => name)).toEqual(["video-rendition", "pre-transformation"]);
});

test("a shutdown waits for no job but those that have asked somebody else for something", () => {
  const waitedFor = jobs.filter(({ whenStopped }) => whenStopped === "finishes");
  expect(waitedFor.map(({ kind }) => kind.name)).toEqual(["run-extension", "ai-picture", "deliver-webhook"]);
});

test("every kind of job that the sources name is in the list: nobody would do what is enqueued of another", async () => {
  const root = join(import.meta.dirname, "..");
  const names = (await readdir(root, { recursive: true })).filter((name) => /^(?!.*\.test\.ts$).*\.ts$/.test(name));
  const texts = await Promise.all(names.map((name) => readFile(join(root, name), "utf8")));
  const kinds = texts.flatMap((text) =>
    [...text.matchAll(/\bjobKind(?:<[^(]*>)?\("(.*?)"\)/g)].map(([, kind]) => kind),
  );
  expect(kinds.toSorted()).toEqual(Object.keys(jobTable).toSorted());
});
