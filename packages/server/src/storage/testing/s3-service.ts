import { randomUUID } from "node:crypto";
import { describe, test } from "vitest";
import { parseStorageUrl, type StorageLocation } from "../../config/storage-url.ts";

/** The service may be busy with other tests. */
const patience = { timeout: 60_000 };

/**
 * Runs a suite on the S3 service that `npm test` starts, or that the environment names. A single test file that is run
 * without a service skips the suite and says so; under CI=true, where nothing may be skipped, it fails.
 */
export function describeOnS3(name: string, suite: (storage: () => StorageLocation) => void): void {
  const url = process.env.SLUICE_TEST_S3_URL;
  const missing = "not run: SLUICE_TEST_S3_URL names no S3 service; npm test starts one";
  if (url) describe(name, patience, () => suite(() => ({ ...parseStorageUrl(url), prefix: `test/${randomUUID()}` })));
  else if (process.env.CI !== "true")
    describe.skip(`${name} (${missing})`, () => suite(() => parseStorageUrl("s3://not-there")));
  else {
    test(name, () => {
      throw new Error(missing);
    });
  }
}
