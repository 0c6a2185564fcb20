import { expect, test } from "vitest";
import { deliverWebhookJob as webhooks } from "../events/jobs.ts";
import { runExtensionJob as extensions } from "../extensions/jobs.ts";
import { retryDelayMs } from "./job-rules.ts";
import { sweeping } from "./sweeping.ts";

const record = { ...sweeping, backoff: { firstSeconds: 2, maxSeconds: 10 } };
const delays = (random: number) => [1, 2, 3, 4, 40].map((attempt) => retryDelayMs(record, attempt, () => random));

test("a webhook is tried for about a day: soon at first, then every few hours", () => {
  const waits = (random: number) =>
    Array.from({ length: webhooks.retries }, (_, index) => retryDelayMs(webhooks, index + 1, () => random));
  const hours = (random: number) => waits(random).reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(waits(0).slice(0, 3)).toEqual([5000, 10_000, 20_000]);
  expect(waits(1).slice(0, 3)).toEqual([10_000, 20_000, 40_000]);
  expect([hours(0), hours(0.5), hours(1)].map(Math.round)).toEqual([22, 24, 26]);
});

test("an extension is tried for about an hour", () => {
  const minutes = (random: number) =>
    Array.from(
      { length: extensions.retries },
      (_, index) => retryDelayMs(extensions, index + 1, () => random) / 60_000,
    ).reduce((sum, wait) => sum + wait, 0);
  expect([minutes(0), minutes(0.5), minutes(1)].map(Math.round)).toEqual([43, 62, 73]);
});

test("the wait doubles up to its bound, and half of it is chance", () => {
  expect(delays(0)).toEqual([1000, 2000, 4000, 8000, 10_000]);
  expect(delays(1)).toEqual([2000, 4000, 8000, 10_000, 10_000]);
});
