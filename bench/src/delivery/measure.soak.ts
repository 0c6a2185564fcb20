import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePicture } from "../picture.ts";
import { type DeliveryBench, measureDelivery } from "./measure.ts";
import { type DeliveryScenario, deliveryScenarios } from "./scenarios.ts";
import { deliverySection } from "./section.ts";
import { type DeliverySubject, deliverySubjects } from "./subjects.ts";

const few = { warmUp: 1, maxUploads: 6, timed: false, atOnce: 2 } as const;

let bench: DeliveryBench;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bench-"));
  const picturePath = join(folder, "picture.jpg");
  await writeFile(picturePath, await makePicture());
  const files = { folder, picturePath, photoPath: picturePath };
  const cores = { serverCore: 0, clientCore: 0 };
  const signal = new AbortController().signal;
  bench = { ...files, ...cores, threads: 4, fromSources: true, seconds: 1, nodeOptions: [], peers: undefined, signal };
});
afterAll(() => rm(bench.folder, { recursive: true, force: true }));

const { "sluice-rendering": rendering, ...others } = deliverySubjects;

test.each(Object.entries<DeliverySubject>(others))("%s makes pictures and is measured", async (_, subject) => {
  const scenario: DeliveryScenario = { ...deliveryScenarios["cold-webp"], ...few };
  const { done, statuses, bytes, memory } = await measureDelivery(bench, subject, scenario);
  expect([done, statuses]).toEqual([6, { 200: 6 }]);
  expect(bytes).toBeGreaterThan(1000);
  expect(memory.peak).toBeGreaterThanOrEqual(memory.before);
});

test("uploads are measured while pictures are asked for, and told beside uploads alone", async () => {
  const scenario: DeliveryScenario = { ...deliveryScenarios["uploads-beside-renders"], ...few };
  const beside = await measureDelivery(bench, rendering, scenario);
  expect([beside.done, beside.stored]).toEqual([6, true]);
  expect(beside.statuses["200"]).toBeGreaterThan(0);
  const alone = { ...beside, statuses: {} };
  const subjects = new Map([["sluice", [alone]] as const, ["sluice-rendering", [beside]] as const]);
  const [title, table = ""] = deliverySection({ scenario: "uploads-beside-renders", subjects }).split("\n\n");
  expect(title).toBe(`### ${scenario.title}`);
  expect(table.split("\n")).toHaveLength(4);
});
