import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { addToStage, inStage, RequestStages, withStages } from "./request-stages.ts";

test("work that is done for a request adds to its stages alone, however it goes on", async () => {
  const [first, second] = [new RequestStages(), new RequestStages()];
  const serve = (stages: RequestStages, ms: number) =>
    new Promise<void>((resolve, reject) => {
      withStages(stages, () => {
        const work = async () => {
          await inStage("database", () => sleep(1));
          addToStage("storage", ms);
          await inStage("render", () => Promise.reject(new Error("broken"))).catch(() => undefined);
        };
        work().then(resolve, reject);
      });
    });
  await Promise.all([serve(first, 30), serve(second, 40.4)]);
  expect([first.in("storage"), second.in("storage")]).toEqual([30, 40.4]);
  expect(first.in("database")).toBeGreaterThan(0);
  expect(second.whole()).toMatchObject({ storage: 40 });
  expect(second.whole()).not.toHaveProperty("send");
});

test("outside of a request the work is done as always", async () => {
  addToStage("database", 5);
  expect(await inStage("storage", async () => "done")).toBe("done");
});
