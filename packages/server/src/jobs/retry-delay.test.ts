import { expect, test } from "vitest";
import { jobTable } from "./job-table.ts";
import { retryDelayMs } from "./retry-delay.ts";

const record = { ...jobTable["sweep-blobs"], backoff: { firstSeconds: 2, longestSeconds: 10 } };
const delays = (random: number) => [1, 2, 3, 4, 40].map((attempt) => retryDelayMs(record, attempt, () => random));

test("the wait doubles up to its bound, and half of it is chance", () => {
  expect(delays(0)).toEqual([1000, 2000, 4000, 8000, 10_000]);
  expect(delays(1)).toEqual([2000, 4000, 8000, 10_000, 10_000]);
});
