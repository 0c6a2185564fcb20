import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { whileWanted } from "./while-wanted.ts";

const never = new AbortController().signal;
const yes = async (): Promise<boolean> => true;

/** Work that ends with its signal alone. */
const endless = (signal: AbortSignal) => sleep(60_000, "done", { signal });

test("work is done, or fails, while it is wanted", async () => {
  expect(await whileWanted(yes, async () => "done", never)).toBe("done");
  await expect(whileWanted(yes, () => Promise.reject(new Error("it failed")), never)).rejects.toThrow("it failed");
});

test("work that nobody wants any more is ended", async () => {
  let looks = 0;
  const twice = async (): Promise<boolean> => ++looks < 3;
  expect(await whileWanted(twice, endless, never, 5)).toBeUndefined();
  expect(looks).toBe(3);
});

test("while that can't be told, the work goes on until its own signal ends it", async () => {
  const lost = (): Promise<boolean> => Promise.reject(new Error("the database is gone"));
  await expect(whileWanted(lost, endless, AbortSignal.timeout(50), 5)).rejects.toThrow();
});
